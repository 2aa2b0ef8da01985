import { BufferedResponse } from './buffered-response.js';

/** Sends a string as an HTML page in UTF-8; nothing is escaped. @publicApi */
export class HTMLResponse extends BufferedResponse<string> {
  override readonly mediaType: string = 'text/html';

  render(): string {
    return this.content;
  }
}
