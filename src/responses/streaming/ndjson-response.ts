import { StreamingResponse } from './streaming-response.js';

/** Sends each item as one line of compact JSON; a chunk of bytes as its UTF-8 text. @publicApi */
export class NDJSONResponse<TItem = unknown> extends StreamingResponse<TItem> {
  override readonly mediaType: string = 'application/x-ndjson';

  encode(item: TItem): string {
    if (!(item instanceof Uint8Array)) {
      return `${this.stringify(item)}\n`;
    }
    const text = this.decode(item);
    return text && `${this.stringify(text)}\n`;
  }
}
