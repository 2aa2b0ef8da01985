import { ServerSentEvent } from '../../../libs/event-stream/index.js';
import type { StreamContent } from '../../../libs/streams/index.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { ResponseOptions } from '../response.js';
import type { DeliveryServices } from '../services.js';
import { StreamingResponse } from './streaming-response.js';

/** What an `NDJSONResponse` can be given. @publicApi */
export interface NDJSONResponseOptions extends ResponseOptions {
  /**
   * What each item must conform to, or the data of one that is a `ServerSentEvent`: what it does not declare is left
   * out. @default none: items are sent as they are
   */
  readonly schema?: SchemaSource | undefined;
}

/** Sends each item as one line of compact JSON; a chunk of bytes as its UTF-8 text. @publicApi */
export class NDJSONResponse<TItem = unknown> extends StreamingResponse<TItem> {
  override readonly mediaType: string = 'application/x-ndjson';
  readonly #schema: SchemaSource | undefined;

  constructor(content: StreamContent<TItem>, { schema, ...options }: NDJSONResponseOptions = {}) {
    super(content, options);
    this.#schema = schema;
  }

  encode(item: TItem): string {
    if (!(item instanceof Uint8Array)) {
      return `${this.stringify(item)}\n`;
    }
    const text = this.decode(item);
    return text && `${this.stringify(text)}\n`;
  }

  protected override prepare(
    item: TItem,
    { serializer }: DeliveryServices,
    route: string,
  ): unknown {
    if (this.#schema === undefined) {
      return item;
    }
    // The same items may be sent as events to another client, whose data alone is what is declared.
    const value: unknown = item instanceof ServerSentEvent ? item.data : item;
    // e.g. a heartbeat.
    const isNothing = item instanceof ServerSentEvent && value === undefined;
    return isNothing ? NOTHING : serializer.check(value, this.#schema, route);
  }
}

const NOTHING = new Uint8Array();
