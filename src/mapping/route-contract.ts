import { HttpStatus, RequestMethod, type Type } from '@nestjs/common';
import { DECLARATION, responseEntries, type ResponseEntry } from '../decorators/declaration.js';
import { RESPONSE_VALIDATION } from '../decorators/response-validation.decorator.js';
import { hasNoBody } from '../exchange/header-store.js';
import type { Validation } from '../responses/declared-serializer.js';
import type { Representations } from '../responses/representations.js';
import { mediaContents, routeDeclarations, type MediaContents } from './media-content.js';
import { HTTP_CODE_METADATA, METHOD_METADATA } from './nest-metadata.js';

/** The declared responses of a route. */
export interface RouteContract {
  /** The name in logs and errors, e.g. `PuppiesController.list()`. */
  readonly name: string;
  /** The status of the route, unless its handler sets another one. */
  readonly status: number;
  /** The media types of that status, in the order of declaration. Empty if none of them is mapped. */
  readonly mediaTypes: readonly string[];
  /** Overrides the option `validation` of the module. */
  readonly validation: Validation | undefined;
  /** True if one of our decorators declared them. A declaration that cannot work is then an error, not a warning. */
  readonly isOurs: boolean;
  /** The media types that our decorators declare but no response class answers. */
  readonly unanswered: readonly string[];
  /**
   * A successful status, other than the route's own, that declares mapped content. Set only if the own status does not.
   */
  readonly missed: { readonly status: string; readonly isOurs: boolean } | undefined;
  /** The declared content of every successful status. */
  readonly successes: readonly { readonly status: string; readonly contents: MediaContents }[];
  /** True if a status is declared: exactly, as its class (`2XX`) or as `default`. */
  isDeclared(status: number): boolean;
  /** The content of a status: declared exactly, as its class (`2XX`) or as `default`. Empty for errors. */
  contentsOf(status: number): MediaContents;
}

const NO_CONTENTS: MediaContents = new Map();

/** Reads the declarations of a method and its controller. */
export function readContract(
  controller: Type<unknown>,
  name: string,
  handler: object,
  representations: Representations,
): RouteContract {
  const status = ownStatus(handler);
  const entries: Record<string, ResponseEntry> = {
    ...responseEntries(controller),
    ...resolveOwnStatus(responseEntries(handler), status),
  };
  const route = routeDeclarations(controller, handler);
  const contentsOf = (entry: ResponseEntry) => mediaContents(entry, route, representations);
  const successes = Object.keys(entries)
    .filter((key) => key.startsWith('2') || key === 'default')
    .map((key) => ({ status: key, contents: contentsOf(entries[key] ?? {}) }));
  const keyOf = (answered: number): string =>
    [String(answered), `${Math.floor(answered / 100)}XX`].find((key) => key in entries) ??
    'default';
  // A route may have @ApiProduces() and no declared response.
  const bare = successes.length === 0 ? contentsOf({}) : NO_CONTENTS;
  const findContents = (answered: number): MediaContents => {
    if (answered < 200 || answered >= 300) {
      return NO_CONTENTS;
    }
    const key = keyOf(answered);
    const declared = successes.find((success) => success.status === key);
    return declared?.contents ?? (answered === status ? bare : NO_CONTENTS);
  };
  const own = findContents(status);
  const ownEntry = entries[keyOf(status)];
  const isMapped = declaresMapped(own);
  // A handler may set another status that swagger's decorators describe as well, e.g. 202.
  const missed = isMapped
    ? undefined
    : successes.find(
        (success) =>
          success.status !== 'default' &&
          declaresMapped(success.contents) &&
          (!ownEntry || DECLARATION in (entries[success.status] ?? {})),
      );
  return {
    name: `${controller.name}.${name}()`,
    status,
    validation: [handler, controller]
      .map((target) => Reflect.getMetadata(RESPONSE_VALIDATION, target) as Validation | undefined)
      .find((validation) => validation !== undefined),
    mediaTypes: isMapped ? [...own.keys()] : [],
    isOurs: isMapped && ownEntry?.[DECLARATION] !== undefined,
    unanswered: successes.flatMap(({ status: key, contents }) =>
      entries[key]?.[DECLARATION]
        ? [...contents].filter(([, { isAnswered }]) => !isAnswered).map(([mediaType]) => mediaType)
        : [],
    ),
    missed: missed && {
      status: missed.status,
      isOurs: DECLARATION in (entries[missed.status] ?? {}),
    },
    successes,
    isDeclared: (answered) => keyOf(answered) in entries,
    contentsOf: (answered) => (answered === status ? own : findContents(answered)),
  };
}

function declaresMapped(contents: MediaContents): boolean {
  return [...contents.values()].some(({ representation }) => representation !== undefined);
}

/**
 * Returns an entry for the own status with the media types of `@ApiProduces()`, if the route declares no other content.
 */
export function producedContent(
  controller: Type<unknown>,
  handler: object,
  status: number,
): Readonly<Record<string, ResponseEntry>> {
  const { produces } = routeDeclarations(controller, handler);
  const entries = { ...responseEntries(controller), ...responseEntries(handler) };
  const own = entries[status] ?? { description: '' };
  const { type, schema, standardSchema, content } = own;
  const isDescribed = (type ?? schema ?? standardSchema ?? content) !== undefined;
  const others = Object.keys(entries).some(
    (key) => key !== String(status) && /^2|^default/.test(key),
  );
  return produces.length === 0 || isDescribed || others || hasNoBody(status)
    ? {}
    : { [status]: { ...own, content: Object.fromEntries(produces.map((name) => [name, {}])) } };
}

/** Returns the entries of a method. Entries for the route's own status are stored under that status. */
export function resolveOwnStatus(
  entries: Readonly<Record<string, ResponseEntry>>,
  status: number,
): Readonly<Record<string, ResponseEntry>> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [
      entry[DECLARATION]?.isOwnStatus ? String(status) : key,
      entry,
    ]),
  );
}

/** Returns the default status of a route: `@HttpCode()`, or 201 for POST and 200 for any other method. */
export function ownStatus(handler: object): number {
  const declared = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  return declared ?? (isPost ? HttpStatus.CREATED : HttpStatus.OK);
}
