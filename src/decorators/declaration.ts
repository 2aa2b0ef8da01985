import type { Type } from '@nestjs/common';
import { DECORATORS, type ApiResponseMetadata } from '@nestjs/swagger';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/** A class of `@ApiProperty()` members, `String`, `Number`, `Boolean` or `Date`, or an array of one of these. */
export type DeclaredType = Type<unknown> | readonly [Type<unknown>];

/** A schema of zod, valibot, ArkType or another library that implements Standard Schema. */
export type StandardSchema = StandardSchemaV1 | StandardJSONSchemaV1;

/** The data of an event: a class, `[Class]`, a Standard Schema or an OpenAPI Schema Object. */
export type DeclaredData = DeclaredType | StandardSchema | object;

/** The content of a media type, as given to a decorator. At most one of `type`, `schema`, `standardSchema`, `events`. */
export interface DeclaredContent {
  readonly type?: DeclaredType | undefined;
  readonly schema?: object | undefined;
  readonly standardSchema?: StandardSchema | undefined;
  /** The data of each named event of an event stream. */
  readonly events?: Readonly<Record<string, DeclaredData>> | undefined;
  /** True if the value may also be null. */
  readonly nullable?: boolean | undefined;
  /** True if it describes one item of a stream, so that a list is an item as well. */
  readonly isItem?: boolean | undefined;
  /** True if an Observable is a source of the items of a list in any media type. */
  readonly takesObservable?: boolean | undefined;
}

/** The data that our decorators add to swagger's entry of a response, for use at run time. */
export interface Declaration {
  /** The mapped content by media type. Empty if the entry only documents. */
  readonly contents: Readonly<Record<string, DeclaredContent>>;
  /** True if the entry is for the route's own status, which is not known yet when a decorator runs. */
  readonly isOwnStatus: boolean;
  /** True if another decorator explicitly names the status that stands for the route's own. */
  readonly isShared?: boolean;
}

/** Used for the route's own status until the route is bound. */
export const ASSUMED_STATUS = 200;

/** The key of that data. Swagger copies symbol keys, but does not write them into the document. */
export const DECLARATION = Symbol.for('nestjs-responses:declaration');

/** The data of a response that is only documented. */
export function documentedOnly(): { readonly [DECLARATION]: Declaration } {
  return { [DECLARATION]: { contents: {}, isOwnStatus: false } };
}

/** The data that our decorators add to a media type of the document, for `describeStreams()`. */
export interface ContentNotes {
  readonly content: DeclaredContent;
  /** Wraps the declared schema in that of the body, if the body is an envelope. */
  readonly wrap?: ((schema: object, openapi?: string) => object) | undefined;
  /** True if `describeStreams()` has described it already. */
  readonly isDescribed?: boolean;
}

/**
 * The key of that data. The value is a function, because swagger clones the media type, and a Standard Schema does not
 * survive that.
 */
export const CONTENT_NOTES = Symbol.for('nestjs-responses:content-notes');

/** An entry of swagger's metadata of the responses of a route. */
export type ResponseEntry = Omit<ApiResponseMetadata, 'status' | 'type' | 'standardSchema'> & {
  readonly type?: unknown;
  readonly schema?: object;
  /** Only swagger 12 has it. */
  readonly standardSchema?: StandardSchema;
  readonly [DECLARATION]?: Declaration;
};

/** Swagger's metadata of the responses of a method or a class, by status. */
export function responseEntries(target: object): Readonly<Record<string, ResponseEntry>> {
  return (Reflect.getMetadata(DECORATORS.API_RESPONSE, target) ?? {}) as Record<
    string,
    ResponseEntry
  >;
}
