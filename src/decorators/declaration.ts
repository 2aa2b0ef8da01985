import type { Type } from '@nestjs/common';
import { DECORATORS, type ApiResponseMetadata, type ApiResponseOptions } from '@nestjs/swagger';

/** A class of `@ApiProperty()` members, `String`, `Number`, `Boolean` or `Date`, or an array of one of these. */
export type DeclaredType = Type<unknown> | readonly [Type<unknown>];

/** A schema of zod, valibot, ArkType or another library that speaks Standard Schema. */
export type StandardSchema = NonNullable<
  Extract<ApiResponseOptions, { standardSchema?: unknown }>['standardSchema']
>;

/** The data of an event: a class, `[Class]`, a Standard Schema or a Schema Object of OpenAPI. */
export type DeclaredData = DeclaredType | StandardSchema | object;

/** What a media type carries, as given to the decorator that declares it: one of these at most. */
export interface DeclaredContent {
  readonly type?: DeclaredType | undefined;
  readonly schema?: object | undefined;
  readonly standardSchema?: StandardSchema | undefined;
  /** The data of each named event of an event stream. */
  readonly events?: Readonly<Record<string, DeclaredData>> | undefined;
  /** Whether null stands beside `type`. */
  readonly nullable?: boolean | undefined;
  /** True if it describes one item of a stream, so that a list is an item as well. */
  readonly isItem?: boolean | undefined;
  /** True if an Observable is a source of the items of a list in any media type. */
  readonly takesObservable?: boolean | undefined;
}

/** What our decorators leave for run time in the entry that swagger keeps of a response. */
export interface Declaration {
  /** By media type, what is to be mapped; empty where the entry only documents. */
  readonly contents: Readonly<Record<string, DeclaredContent>>;
  /** Whether the entry stands for the route's own status, which is not known where a decorator runs. */
  readonly isOwnStatus: boolean;
  /** Whether another decorator names the status that stands for the route's own, which a POST does not mean. */
  readonly isShared?: boolean;
}

/** Stands for the route's own status until the route is bound: that of most routes. */
export const ASSUMED_STATUS = 200;

/** Where it is left: swagger copies a symbol key along, and writes none of them into the document. */
export const DECLARATION = Symbol('nestjs-responses:declaration');

/** What stands in the entry of a response that is documented, and never made of a plain value. */
export function documentedOnly(): { readonly [DECLARATION]: Declaration } {
  return { [DECLARATION]: { contents: {}, isOwnStatus: false } };
}

/** What our decorators leave in a media type of the document, for `describeStreams()` to tell what swagger cannot. */
export interface ContentNotes {
  readonly content: DeclaredContent;
  /** Makes the schema of the body of that of what is declared, where the body is an envelope. */
  readonly wrap?: ((schema: object) => object) | undefined;
  /** Whether it was told already. */
  readonly isDescribed?: boolean;
}

/**
 * Where they are left. By a function, as swagger clones what is in a media type, which a Standard Schema does not
 * survive.
 */
export const CONTENT_NOTES = Symbol('nestjs-responses:content-notes');

/** An entry of swagger's metadata of the responses of a route. */
export type ResponseEntry = Omit<ApiResponseMetadata, 'status' | 'type'> & {
  readonly type?: unknown;
  readonly schema?: object;
  readonly [DECLARATION]?: Declaration;
};

/** Swagger's metadata of the responses of a method or a class, by status. */
export function responseEntries(target: object): Readonly<Record<string, ResponseEntry>> {
  return (Reflect.getMetadata(DECORATORS.API_RESPONSE, target) ?? {}) as Record<
    string,
    ResponseEntry
  >;
}
