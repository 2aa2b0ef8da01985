import type { RepresentationOptions } from '../representation.js';
import type { ResponseOptions } from '../response.js';
import { BufferedResponse } from './buffered-response.js';

/** Sends a string unchanged, in UTF-8. */
export abstract class TextResponse extends BufferedResponse<string> {
  /** A string is a finished body, so no schema applies to it. */
  static readonly appliesSchema = true;

  /** Returns undefined if the content is not a string. */
  static from<TResponse extends TextResponse>(
    this: new (content: string, options: ResponseOptions) => TResponse,
    content: unknown,
    options: RepresentationOptions,
  ): TResponse | undefined {
    return typeof content === 'string' ? new this(content, options) : undefined;
  }

  /** Throws a `TypeError` if the content is not a string. */
  constructor(content: string, options?: ResponseOptions) {
    super(content, options);
    if (typeof content !== 'string') {
      throw new TypeError(
        `The content of a ${new.target.name} must be a string, got ${typeof content}. Convert it to text, or send it as JSON.`,
      );
    }
  }

  render(): string {
    return this.content;
  }
}
