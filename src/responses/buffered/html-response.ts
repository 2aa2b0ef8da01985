import { TextResponse } from './text-response.js';

/** Sends a string as an HTML page in UTF-8; nothing is escaped. @publicApi */
export class HTMLResponse extends TextResponse {
  /** The media types for which a declared route can use this class. */
  static readonly mediaTypes: readonly string[] = ['text/html'];

  override readonly mediaType: string = 'text/html';
}
