import { HttpStatus, RequestMethod, type Type } from '@nestjs/common';
import { DECLARATION, responseEntries, type ResponseEntry } from '../decorators/declaration.js';
import { hasNoBody } from '../exchange/header-store.js';
import type { Representations } from '../responses/representations.js';
import { mediaContents, routeDeclarations, type MediaContents } from './media-content.js';
import { HTTP_CODE_METADATA, METHOD_METADATA } from './nest-metadata.js';

/** What a route declares of what it answers. */
export interface RouteContract {
  /** What logs and errors name it by, e.g. `PuppiesController.list()`. */
  readonly name: string;
  /** The status that the route answers where its handler does not set another. */
  readonly status: number;
  /** The media types of that status, the first declared first; empty where nothing is declared that is mapped. */
  readonly mediaTypes: readonly string[];
  /** Whether one of our decorators declared them, so that what cannot work is a mistake rather than a choice. */
  readonly isOurs: boolean;
  /** The media types that our decorators declare, and that no response class answers. */
  readonly unanswered: readonly string[];
  /** Another successful status that declares what would be mapped, where the route's own does not. */
  readonly missed: { readonly status: string; readonly isOurs: boolean } | undefined;
  /** What is declared for every successful status. */
  readonly successes: readonly { readonly status: string; readonly contents: MediaContents }[];
  /** What is declared for a status: by itself, by its class (`2XX`) or by `default`; nothing for an error. */
  contentsOf(status: number): MediaContents;
}

const NO_CONTENTS: MediaContents = new Map();

/** Reads what a route declares, on the method and on its controller. */
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
  // A route may say what it produces and nothing of its responses.
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
  // A handler may set another status that swagger describes beside the route's own, e.g. 202.
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
    contentsOf: (answered) => (answered === status ? own : findContents(answered)),
  };
}

function declaresMapped(contents: MediaContents): boolean {
  return [...contents.values()].some(({ representation }) => representation !== undefined);
}

/** The own status with the media types of `@ApiProduces()`, if the route says nothing else of its content. */
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

/** The entries of a method, where those that stand for the route's own status have moved there. */
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

/** The status that a route answers by itself: `@HttpCode()`, or 201 for POST and 200 for any other method. */
export function ownStatus(handler: object): number {
  const declared = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  return declared ?? (isPost ? HttpStatus.CREATED : HttpStatus.OK);
}
