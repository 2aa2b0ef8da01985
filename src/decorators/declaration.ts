import type { Type } from '@nestjs/common';
import { DECORATORS, type ApiResponseMetadata } from '@nestjs/swagger';

/** A class of `@ApiProperty()` members, `String`, `Number`, `Boolean` or `Date`, or an array of one of these. */
export type DeclaredType = Type<unknown> | readonly [Type<unknown>];

/** What a media type carries, as given to the decorator that declares it: one of these at most. */
export interface DeclaredContent {
  readonly type?: DeclaredType | undefined;
  readonly schema?: object | undefined;
  readonly standardSchema?: object | undefined;
  /** The data of each named event of an event stream. */
  readonly events?: Readonly<Record<string, DeclaredType>> | undefined;
}

/** What our decorators leave for run time in the entry that swagger keeps of a response. */
export interface Declaration {
  readonly contents: Readonly<Record<string, DeclaredContent>>;
  /** Whether the entry stands for the route's own status, which is not known where a decorator runs. */
  readonly isOwnStatus: boolean;
}

/** Where it is left: swagger copies a symbol key along, and writes none of them into the document. */
export const DECLARATION = Symbol('nestjs-responses:declaration');

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
