import { HttpStatus, RequestMethod, type Type } from '@nestjs/common';
import { DECORATORS } from '@nestjs/swagger';
import { DECLARATION, responseEntries, type ResponseEntry } from '../decorators/declaration.js';
import { mediaKind } from './media-kind.js';
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
  /** Another successful status that declares what would be mapped, where the route's own does not. */
  readonly missed: { readonly status: string; readonly isOurs: boolean } | undefined;
  /** The media types declared for a status: by itself, by its class (`2XX`) or by `default`. */
  mediaTypesOf(status: number): readonly string[];
}

/** Reads what a route declares, on the method and on its controller. */
export function readContract(
  controller: Type<unknown>,
  name: string,
  handler: object,
): RouteContract {
  const status = ownStatus(handler);
  const entries: Record<string, ResponseEntry> = {
    ...responseEntries(controller),
    ...resolveOwnStatus(responseEntries(handler), status),
  };
  const produces = producesOf(controller, handler);
  const entryOf = (answered: number): ResponseEntry | undefined =>
    entries[answered] ?? entries[`${Math.floor(answered / 100)}XX`] ?? entries['default'];
  const mediaTypesOf = (answered: number): readonly string[] => {
    const entry = entryOf(answered);
    // A route may say what it produces and nothing of its responses.
    const isBare = answered === status && !Object.keys(entries).some(isSuccess);
    return entry ? mediaTypesIn(entry, produces) : isBare ? produces : [];
  };
  const declared = mediaTypesOf(status);
  const isMapped = declared.some(mediaKind);
  const own = entryOf(status);
  // A handler may set another status that swagger describes beside the route's own, e.g. 202.
  const missed = Object.entries(entries).find(
    ([key, entry]) =>
      isSuccess(key) &&
      (!own || DECLARATION in entry) &&
      mediaTypesIn(entry, produces).some(mediaKind),
  );
  return {
    name: `${controller.name}.${name}()`,
    status,
    mediaTypes: isMapped ? declared : [],
    isOurs: own?.[DECLARATION] !== undefined,
    missed:
      isMapped || !missed ? undefined : { status: missed[0], isOurs: DECLARATION in missed[1] },
    mediaTypesOf,
  };
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

function producesOf(controller: object, handler: object): readonly string[] {
  const produces = [controller, handler].flatMap(
    (target) => (Reflect.getMetadata(DECORATORS.API_PRODUCES, target) ?? []) as string[],
  );
  return [...new Set(produces)];
}

function mediaTypesIn(entry: ResponseEntry, produces: readonly string[]): readonly string[] {
  if (entry[DECLARATION]) {
    return Object.keys(entry[DECLARATION].contents);
  }
  const hasSchema = entry.type ?? entry.schema ?? entry.standardSchema;
  if (entry.content && !hasSchema) {
    return Object.keys(entry.content);
  }
  return hasSchema && produces.length === 0 ? ['application/json'] : produces;
}

function isSuccess(status: string): boolean {
  return status.startsWith('2');
}
