import { TextResponse } from './text-response.js';

/** Sends a string as plain text in UTF-8. @publicApi */
export class PlainTextResponse extends TextResponse {
  /** The media types for which a declared route can use this class. */
  static readonly mediaTypes: readonly string[] = ['text/plain'];

  override readonly mediaType: string = 'text/plain';
}
