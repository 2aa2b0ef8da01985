import type { SchemaSource } from '../schemas/compile-schema.js';
import type { SchemaData } from '../schemas/map-subschemas.js';
import type { Validation } from './declared-serializer.js';
import type { Response, ResponseOptions } from './response.js';

/** The options that a response class receives with the content. */
export interface RepresentationOptions extends ResponseOptions {
  /**
   * The declared schema of the value or, for a stream, of each item. The content has been validated against it, and
   * undeclared properties have been left out. @default none: the route declares no schema
   */
  readonly schema?: SchemaSource | undefined;
  /** Overrides the option `validation` of the module, set by `@ResponseValidation()`. @default the module's */
  readonly validation?: Validation | undefined;
  /** The declared schemas of the data of named events. @default none */
  readonly events?: Readonly<Record<string, SchemaSource>> | undefined;
}

/** The declared items of a stream, to be described in an OpenAPI document. @publicApi */
export interface DescribedItems {
  /** The schema of an item; with `names`, a `oneOf` with one option for each of them. */
  readonly schema: SchemaData;
  /** The names of the declared events. */
  readonly names: readonly string[] | undefined;
  /** The schemas under `#/components/schemas/`. */
  readonly components: Readonly<Record<string, unknown>>;
  /** The version of the document, e.g. `3.2.0`. */
  readonly openapi: string;
}

/** The description of a stream: the schema of an item (OpenAPI 3.2) or of the whole (earlier versions). @publicApi */
export interface ItemsDescription {
  /** The members of the Media Type Object. */
  readonly media: { readonly itemSchema: SchemaData } | { readonly schema: SchemaData };
  /** Turns example items into an example of the described body. */
  readonly example: (items: readonly unknown[]) => unknown;
}

/**
 * A response class. With `mediaTypes` and `from()`, routes that declare one of these media types may return plain values.
 * A class that extends `StreamingResponse` represents a source of items, any other class a whole value.
 *
 * @publicApi
 */
export interface ResponseClass {
  /** The name of the class, for error messages. */
  readonly name: string;
  /** The prototype of its responses. */
  readonly prototype: Response;
  /** The media types that the class can answer, without parameters. @default none: handlers construct it */
  readonly mediaTypes?: readonly string[];
  /**
   * Creates a response from validated content. Returns undefined if the class cannot represent the content; Nest then
   * answers.
   *
   * @param content a source of items or a whole value, depending on the base class
   */
  from?(content: unknown, options: RepresentationOptions): Response | undefined;
  /** The class that represents a source of the items of a list. @default none: the items are collected */
  readonly streaming?: ResponseClass;
  /** True if `from()` gets the content as returned by the handler and applies the schema itself. @default false */
  readonly appliesSchema?: boolean;
  /** True if Nest writes this media type itself, so that the class is used only to enforce a schema. @default false */
  readonly isNative?: boolean;
  /** Describes a stream in an OpenAPI document. @default as a sequence of its items */
  describeItems?(items: DescribedItems): ItemsDescription;
}
