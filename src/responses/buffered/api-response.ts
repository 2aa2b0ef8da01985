import type { Exchange } from '../../exchange/exchange.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { Validation } from '../declared-serializer.js';
import type { RepresentationOptions } from '../representation.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES, type DeliveryServices } from '../services.js';
import { JSONArrayResponse } from '../streaming/json-array-response.js';
import { BufferedResponse } from './buffered-response.js';

/** Options of `APIResponse`. */
export interface APIResponseOptions extends ResponseOptions {
  /** Overrides the option `validation` of the module. */
  readonly validation?: Validation | undefined;
  /** A class with `@ApiProperty()`, `[Class]`, a Standard Schema or an OpenAPI schema object. */
  readonly schema: SchemaSource;
}

/**
 * Sends the declared part of its content as JSON. Undeclared properties are left out. Content that does not match the
 * schema raises a `SerializationException`, a 500 without details.
 *
 * @publicApi
 */
export class APIResponse<TContent = unknown> extends BufferedResponse<TContent> {
  /** The media types for which a declared route can use this class. */
  static readonly mediaTypes: readonly string[] = ['application/json'];
  /** Nest writes JSON itself; this class enforces the schema. */
  static readonly isNative = true;
  /** Sends a source of the items of a declared list. */
  static readonly streaming = JSONArrayResponse;

  /** Undefined without a schema: there is nothing to enforce. */
  static from(content: unknown, options: RepresentationOptions): APIResponse | undefined {
    return options.schema && new this(content, options as APIResponseOptions);
  }

  override readonly mediaType: string = 'application/json';
  /** The schema of the content. */
  readonly schema: SchemaSource;
  readonly #validation: Validation | undefined;

  /** Throws a `TypeError` without a schema. */
  constructor(content: TContent, { schema, validation, ...options }: APIResponseOptions) {
    super(content, options);
    if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) {
      throw new TypeError(
        `An APIResponse needs a "schema", got ${String(schema)}. Pass a DTO class, [Class], a Standard Schema or an OpenAPI ` +
          'schema object, or send a JSONResponse. A class that is undefined is often a circular import.',
      );
    }
    this.schema = schema;
    this.#validation = validation;
  }

  render(
    { serializer }: DeliveryServices = DEFAULT_SERVICES,
    exchange?: Exchange,
  ): string | Promise<string> {
    return serializer.as(this.#validation).write(this.content, this.schema, exchange);
  }
}
