import { BufferedResponse } from './buffered-response.js';

/** Sends a string as plain text in UTF-8. @publicApi */
export class PlainTextResponse extends BufferedResponse<string> {
  override readonly mediaType: string = 'text/plain';

  render(): string {
    return this.content;
  }
}
