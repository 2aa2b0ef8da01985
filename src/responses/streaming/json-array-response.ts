import type { StreamContent } from '../../../libs/streams/index.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { RepresentationOptions } from '../representation.js';
import type { ResponseOptions } from '../response.js';
import { StreamingResponse, type StreamFrame } from './streaming-response.js';

/** Options of `JSONArrayResponse`. @publicApi */
export interface JSONArrayResponseOptions extends ResponseOptions {
  /** The schema of each item. Undeclared properties are left out. @default none: items are sent as they are */
  readonly schema?: SchemaSource | undefined;
}

/**
 * Sends a source of items as one compact JSON array, item by item. If the source fails, the body is cut, so that the
 * client can tell it is incomplete.
 *
 * @publicApi
 */
export class JSONArrayResponse<TItem = unknown> extends StreamingResponse<TItem> {
  /** Creates a response from the items that a handler of a declared route returned. */
  static from(
    content: StreamContent<unknown>,
    { schema: _schema, ...options }: RepresentationOptions,
  ): JSONArrayResponse {
    return new this(content, options);
  }

  override readonly mediaType: string = 'application/json';
  #separator = '';

  constructor(
    content: StreamContent<TItem>,
    { schema, ...options }: JSONArrayResponseOptions = {},
  ) {
    super(content, options, schema && { schema });
  }

  encode(item: TItem): string {
    const text = this.#separator + this.stringify(item);
    this.#separator = ',';
    return text;
  }

  protected override get writesJSON(): boolean {
    return this.encode === JSONArrayResponse.prototype.encode;
  }

  protected override frame(): StreamFrame {
    return { preamble: '[', postamble: ']' };
  }
}
