import { ClassSerializerInterceptor, Logger, type Type } from '@nestjs/common';
import {
  MetadataScanner,
  Reflector,
  type ApplicationConfig,
  type ModulesContainer,
} from '@nestjs/core';
import { isStreamContent } from '../../libs/streams/index.js';
import type { Response } from '../responses/response.js';
import { INTERCEPTORS_METADATA } from './nest-metadata.js';

/** How deep, and among how many properties of each object, instances are searched. A response is delayed by the search. */
const MAX_DEPTH = 2;
const MAX_PROPERTIES = 32;

/**
 * Warns of properties of a class instance that a response sends but `ClassSerializerInterceptor` would leave out, e.g.
 * because of `@Exclude()`. The interceptor does not see the content of a response. Logged once for each route and
 * class.
 */
export class SerializerBypass {
  readonly #logger = new Logger('ResponsesModule');
  /** The routes that have sent an instance of a class. */
  readonly #seen = new WeakMap<object, Set<string>>();
  /** Null if the application does not use the interceptor. */
  #serializer: ClassSerializerInterceptor | null | undefined;

  constructor(
    private readonly config: ApplicationConfig,
    private readonly modules: ModulesContainer,
  ) {}

  /** @param route returns the name of the route for the log. Called only if there is an instance of a class */
  inspect(response: Response, route: () => string): void {
    if (!('content' in response) || 'schema' in response) {
      return;
    }
    // Null is an answer too.
    if (this.#serializer === undefined) {
      this.#serializer = this.#find();
    }
    if (!this.#serializer) {
      return;
    }
    try {
      for (const instance of instancesIn(response.content)) {
        this.#compare(instance, this.#serializer, response.constructor.name, route);
      }
    } catch {
      // A value has functions, or no JSON form, which the response itself reports.
    }
  }

  #compare(
    instance: object,
    serializer: ClassSerializerInterceptor,
    responseClass: string,
    route: () => string,
  ): void {
    const type: object = Object.getPrototypeOf(instance);
    if (!this.#isNew(type, route())) {
      return;
    }
    const missing = pathsOnlyIn(instance, serializer);
    if (missing.length > 0) {
      this.#logger.warn(
        `${route()}: a ${responseClass} sends ${missing.join(', ')} of ${type.constructor.name}, which ` +
          'ClassSerializerInterceptor leaves out of plain values. It does not see the content of a response. Return the ' +
          'value itself, or pass instanceToPlain(value) to the response.',
      );
    }
  }

  #isNew(type: object, route: string): boolean {
    const routes = this.#seen.get(type) ?? new Set();
    this.#seen.set(type, routes);
    const isNew = !routes.has(route);
    routes.add(route);
    return isNew;
  }

  #find(): ClassSerializerInterceptor | null {
    const all = [...this.config.getGlobalInterceptors(), ...this.#local()];
    const found = all.find(
      (interceptor) =>
        interceptor === ClassSerializerInterceptor ||
        interceptor instanceof ClassSerializerInterceptor,
    );
    return found === ClassSerializerInterceptor
      ? new ClassSerializerInterceptor(new Reflector())
      : ((found as ClassSerializerInterceptor | undefined) ?? null);
  }

  /** The interceptors of controllers and handlers: classes and instances. */
  *#local(): Iterable<unknown> {
    const scanner = new MetadataScanner();
    for (const { controllers } of this.modules.values()) {
      for (const { metatype } of controllers.values()) {
        const { prototype } = metatype as Type<Record<string, object>>;
        const handlers = scanner.getAllMethodNames(prototype).map((name) => prototype[name]);
        for (const target of [metatype, ...handlers]) {
          yield* (Reflect.getMetadata(INTERCEPTORS_METADATA, target as object) ?? []) as unknown[];
        }
      }
    }
  }
}

/**
 * Yields the instances of classes in a value: the value, the first item of a list, or properties of plain objects, e.g.
 * `{ data: [puppy] }`.
 */
function* instancesIn(value: unknown, depth = MAX_DEPTH): Iterable<object> {
  const sample: unknown = Array.isArray(value) ? value[0] : value;
  if (isStreamContent(sample) || hasJSONForm(sample)) {
    // The interceptor would read its internals, and call its functions.
    return;
  }
  if (isInstance(sample)) {
    yield sample;
  } else if (typeof sample === 'object' && sample !== null && depth > 0) {
    let count = 0;
    for (const name in sample) {
      yield* instancesIn((sample as Record<string, unknown>)[name], depth - 1);
      if (++count === MAX_PROPERTIES) {
        return;
      }
    }
  }
}

function isInstance(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}

function hasJSONForm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toJSON' in value;
}

/** The properties of the JSON form of a value that the interceptor leaves out. */
function pathsOnlyIn(value: object, serializer: ClassSerializerInterceptor): string[] {
  const { defaultOptions } = serializer as unknown as { readonly defaultOptions: object };
  const sent: unknown = JSON.parse(JSON.stringify(value, refuseFunctions));
  const plain: unknown = JSON.parse(
    JSON.stringify(serializer.serialize(value as never, { ...defaultOptions })),
  );
  return onlyIn(sent, plain, '');
}

/** Throws for a function. The interceptor would call it, although the response does not send it. */
function refuseFunctions(_name: string, value: unknown): unknown {
  if (typeof value === 'function') {
    throw new TypeError('A function');
  }
  return value;
}

function onlyIn(sent: unknown, plain: unknown, path: string): string[] {
  if (typeof sent !== 'object' || sent === null || typeof plain !== 'object' || plain === null) {
    return [];
  }
  return Object.entries(sent).flatMap(([name, part]) =>
    Object.hasOwn(plain, name)
      ? onlyIn(part, (plain as Record<string, unknown>)[name], `${path}${name}.`)
      : [`"${path}${name}"`],
  );
}
