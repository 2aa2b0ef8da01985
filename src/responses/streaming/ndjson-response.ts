import type { StreamContent } from '../../../libs/streams/index.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { RepresentationOptions } from '../representation.js';
import type { ResponseOptions } from '../response.js';
import { StreamingResponse } from './streaming-response.js';

/** Options of `NDJSONResponse`. @publicApi */
export interface NDJSONResponseOptions extends ResponseOptions {
  /**
   * The schema of each item, or of the data if an item is a `ServerSentEvent`. Undeclared properties are left out.
   * @default none: items are sent as they are
   */
  readonly schema?: SchemaSource | undefined;
}

/** Sends each item as one line of compact JSON. Chunks of bytes are sent as UTF-8 text. @publicApi */
export class NDJSONResponse<TItem = unknown> extends StreamingResponse<TItem> {
  /** The media types for which a declared route can use this class. */
  static readonly mediaTypes: readonly string[] = ['application/x-ndjson', 'application/jsonl'];

  /** Creates a response from the items that a handler of a declared route returned. */
  static from(
    content: StreamContent<unknown>,
    { schema: _schema, ...options }: RepresentationOptions,
  ): NDJSONResponse {
    return new this(content, options);
  }

  override readonly mediaType: string = 'application/x-ndjson';

  constructor(content: StreamContent<TItem>, { schema, ...options }: NDJSONResponseOptions = {}) {
    super(content, options, schema && { schema });
  }

  encode(item: TItem): string {
    if (!(item instanceof Uint8Array)) {
      return `${this.stringify(item)}\n`;
    }
    const text = this.decode(item);
    return text && `${this.stringify(text)}\n`;
  }

  protected override get writesJSON(): boolean {
    return this.encode === NDJSONResponse.prototype.encode;
  }
}
