import { Logger, UseGuards, type Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { DECORATORS } from '@nestjs/swagger';
import { ASSUMED_STATUS, DECLARATION, responseEntries } from '../decorators/declaration.js';
import { isStreaming, type Representations } from '../responses/representations.js';
import { isResponse } from '../responses/response.js';
import { mapStream } from './map-value.js';
import type { MediaContents } from './media-content.js';
import { negotiatedRoute, noteHandled } from './negotiated-route.js';
import {
  PARAMTYPES_METADATA,
  PATH_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  RESPONSE_PASSTHROUGH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
  SSE_METADATA,
} from './nest-metadata.js';
import { applyPluginMetadata } from './plugin-metadata.js';
import { ResponsesGuard } from './responses.guard.js';
import {
  ownStatus,
  producedContent,
  readContract,
  resolveOwnStatus,
  type RouteContract,
} from './route-contract.js';

type Handler = (this: unknown, ...args: unknown[]) => unknown;
type RouteArguments = Readonly<Record<string, { readonly index: number; readonly data?: unknown }>>;

const logger = new Logger('ResponsesModule');

/** The original methods, by the wrappers that replace them. */
const handlers = new WeakMap<Handler, Handler>();

/** Marks the argument that shows a wrapper that the router called it. */
const STAND_IN = Symbol.for('nestjs-responses:stand-in');

/**
 * Binds the routes of an application that declare a type or a stream. Other routes are left alone. Several applications
 * in a process may share a controller: each binds it with its own response classes, and an application that has started
 * keeps its binding.
 *
 * Throws an error that names the controller and the method if a declaration cannot work.
 *
 * @param warn called for declarations of swagger's decorators that have no effect
 * @returns the contracts of the bound routes
 */
export function bindRoutes(
  modules: ModulesContainer,
  representations: Representations,
  warn: (message: string) => void,
): RouteContract[] {
  const contracts: RouteContract[] = [];
  const scanner = new MetadataScanner();
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      const controller = metatype as Type<object>;
      for (const name of scanner.getAllMethodNames(controller.prototype)) {
        const contract = bindRoute(controller, name, representations, warn);
        if (contract) {
          contracts.push(contract);
        }
      }
    }
  }
  return contracts;
}

function bindRoute(
  controller: Type<object>,
  name: string,
  representations: Representations,
  warn: (message: string) => void,
): RouteContract | undefined {
  const prototype = controller.prototype as Record<string, Handler>;
  const current = prototype[name] as Handler;
  // Bound by another application, or by a base class that declares less than this class.
  const handler = handlers.get(current) ?? current;
  if (!Reflect.hasMetadata(PATH_METADATA, handler)) {
    return undefined;
  }
  applyPluginMetadata(controller, name, handler);
  documentOwnStatus(handler, `${controller.name}.${name}()`);
  if (isAnsweredByNest(handler)) {
    return undefined;
  }
  const contract = readContract(controller, name, handler, representations);
  const args = routeArguments(controller, name);
  const isAnswered = isAnsweredByHandler(controller, name, args);
  if (!isMappable(contract, isAnswered, warn)) {
    if (isAnswered) {
      const watched = watchIgnored(handler, contract.name);
      handlers.set(watched, handler);
      carryOver(controller, name, handler, watched);
      replaceMethod(prototype, name, watched);
    } else if (current !== handler) {
      // Bound by a base class whose declarations do not apply here, e.g. because of an @ApiProduces() of this class.
      Reflect.defineMetadata(ROUTE_ARGS_METADATA, args, controller, name);
      replaceMethod(prototype, name, handler);
    } else if (Object.hasOwn(prototype, name)) {
      // An inherited handler belongs to other classes too, which may produce something else.
      documentProduced(controller, handler);
    }
    return undefined;
  }
  const index = Math.max(-1, ...Object.values(args).map((argument) => argument.index)) + 1;
  const bound = standIn(handler, index);
  handlers.set(bound, handler);
  carryOver(controller, name, handler, bound);
  documentProduced(controller, bound);
  if (takesSource(contract.contentsOf(contract.status))) {
    // With this argument, the wrapper recognises calls by the router, and finds the request.
    const key = `${RouteParamtypes.REQUEST}:${index}`;
    const request = { index, data: STAND_IN, pipes: [] };
    Reflect.defineMetadata(ROUTE_ARGS_METADATA, { ...args, [key]: request }, controller, name);
  }
  replaceMethod(prototype, name, bound);
  UseGuards(new ResponsesGuard(contract))(prototype, name, { value: bound });
  return contract;
}

/** True if the handler may return a source of items. */
function takesSource(contents: MediaContents): boolean {
  return [...contents.values()].some(
    ({ representation, isList }) => representation && (isList || isStreaming(representation)),
  );
}

function replaceMethod(prototype: object, name: string, value: Handler): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/** Writes the route's own status into the document, even if the route is not bound. */
function documentOwnStatus(handler: Handler, name: string): void {
  const entries = responseEntries(handler);
  const status = ownStatus(handler);
  if (status !== ASSUMED_STATUS && entries[ASSUMED_STATUS]?.[DECLARATION]?.isShared) {
    throw new Error(
      `${name} declares a response for ${ASSUMED_STATUS}, and one without a status, which means ${status}. ` +
        `Set the status ${status} explicitly.`,
    );
  }
  if (Object.keys(entries).length > 0) {
    const resolved = resolveOwnStatus(entries, status);
    Reflect.defineMetadata(DECORATORS.API_RESPONSE, resolved, handler);
  }
}

/** Documents a route that only declares the media types that it produces. */
function documentProduced(controller: Type<object>, handler: Handler): void {
  const produced = producedContent(controller, handler, ownStatus(handler));
  if (Object.keys(produced).length > 0) {
    const entries = { ...responseEntries(handler), ...produced };
    Reflect.defineMetadata(DECORATORS.API_RESPONSE, entries, handler);
  }
}

/** Wraps a handler: if the router calls it, a returned source becomes a response. */
function standIn(handler: Handler, requestIndex: number): Handler {
  const bound: Handler = function (this, ...args) {
    const request = args[requestIndex];
    const route = typeof request === 'object' && request ? negotiatedRoute(request) : undefined;
    if (!route) {
      return handler.apply(this, args);
    }
    const result = handler.apply(this, args.slice(0, requestIndex));
    return isThenable(result)
      ? Promise.resolve(result).then((value) => noteHandled(mapStream(value, route), route))
      : noteHandled(mapStream(result, route), route);
  };
  return bound;
}

/** Wraps a handler that answers by itself. Reports a response that it returns anyway, which Nest ignores. */
function watchIgnored(handler: Handler, name: string): Handler {
  const report = (value: unknown) => {
    if (isResponse(value)) {
      // Releases what it holds, e.g. the source of a stream.
      value.getStream().destroy();
      logger.error(
        `${name} returned a ${value.constructor.name}, which is not sent: Nest leaves the answer to a handler that injects ` +
          '@Res() or @Next(). Inject @Res({ passthrough: true }), or send the answer through the injected object.',
      );
    }
    return value;
  };
  return function (this, ...args) {
    const result = handler.apply(this, args);
    return isThenable(result) ? Promise.resolve(result).then(report) : report(result);
  };
}

/** Copies the handler's name, length and metadata to the wrapper, so that Nest and swagger still recognise it. */
function carryOver(controller: Type<object>, name: string, handler: Handler, bound: Handler): void {
  Object.defineProperties(bound, {
    name: { value: handler.name, configurable: true },
    length: { value: handler.length, configurable: true },
  });
  for (const key of Reflect.getOwnMetadataKeys(handler) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), bound);
  }
  // Nest stores these by name on the declaring class, and does not look there for a method of another class.
  const host = parametersHost(controller, name);
  const carry = (key: string, from: object, to: object) => {
    const value: unknown = Reflect.getMetadata(key, from, name);
    if (value !== undefined) {
      Reflect.defineMetadata(key, value, to, name);
    }
  };
  carry(ROUTE_ARGS_METADATA, host, controller);
  carry(RESPONSE_PASSTHROUGH_METADATA, host, controller);
  carry(PARAMTYPES_METADATA, host.prototype as object, controller.prototype);
}

/** True if the route declares content that is mapped. Throws if the declaration cannot work. */
function isMappable(
  contract: RouteContract,
  isAnswered: boolean,
  warn: (message: string) => void,
): boolean {
  const { name, status, missed, mediaTypes, isOurs, unanswered } = contract;
  if (unanswered.length > 0) {
    throw new Error(
      `${name} declares ${unanswered.join(' and ')}, which no response class answers. ` +
        'Register one: ResponsesModule.forRoot({ responses: [...] }).',
    );
  }
  if (missed) {
    const message =
      `${name} answers ${status}, but declares its response for ${missed.status}. ` +
      `Declare ${status}, or set the status ${missed.status} with @HttpCode().`;
    if (missed.isOurs) {
      throw new Error(message);
    }
    warn(message);
  }
  if (isAnswered && isOurs) {
    throw new Error(
      `${name} declares ${mediaTypes.join(' and ')}, but answers by itself through @Res() or @Next(). ` +
        'Return the response, or inject it with @Res({ passthrough: true }).',
    );
  }
  return mediaTypes.length > 0 && !isAnswered;
}

/** True if a handler sends the response itself, through `@Res()` or `@Next()` without `passthrough`. */
function isAnsweredByHandler(
  controller: Type<object>,
  name: string,
  args: RouteArguments,
): boolean {
  const host = parametersHost(controller, name);
  const injected = Object.keys(args).map((key) => Number(key.split(':', 1)[0]));
  return (
    (injected.includes(RouteParamtypes.RESPONSE) || injected.includes(RouteParamtypes.NEXT)) &&
    !Reflect.getMetadata(RESPONSE_PASSTHROUGH_METADATA, host, name)
  );
}

/** True if Nest handles the return value in its own way: `@Sse()`, `@Render()`, `@Redirect()`. */
function isAnsweredByNest(handler: Handler): boolean {
  return [SSE_METADATA, RENDER_METADATA, REDIRECT_METADATA].some((key) =>
    Reflect.hasMetadata(key, handler),
  );
}

/** The parameters of a handler, without the argument that binding a base class has added. */
function routeArguments(controller: Type<object>, name: string): RouteArguments {
  const host = parametersHost(controller, name);
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, host, name) ?? {}) as RouteArguments;
  return Object.fromEntries(Object.entries(args).filter(([, { data }]) => data !== STAND_IN));
}

/** The class that holds the parameter metadata of a method. It is another class if a mixin copied the method. */
function parametersHost(controller: Type<object>, name: string): Type<object> {
  const prototype = controller.prototype as Record<string, unknown>;
  const host = prototype['constructor'] as Type<object>;
  const declared = host.prototype as Record<string, unknown>;
  return declared[name] === prototype[name] ? host : controller;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
