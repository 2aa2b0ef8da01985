import * as nest from '@nestjs/common';
import {
  ClassSerializerInterceptor,
  Logger,
  type NestInterceptor,
  type StreamableFile,
  type Type,
} from '@nestjs/common';
import { MetadataScanner, type ApplicationConfig, type ModulesContainer } from '@nestjs/core';
import { isStreamContent } from '../../libs/streams/index.js';
import { isResponse, type Response } from '../responses/response.js';
import { INTERCEPTORS_METADATA } from './nest-metadata.js';

/** How deep, and among how many properties of each object, instances are searched. A response is delayed by the search. */
const MAX_DEPTH = 2;
const MAX_PROPERTIES = 32;

/** The options of a serializer for a route: its own, and those of `@SerializeOptions()`. */
interface SerializerOptions {
  /** The class that `ClassSerializerInterceptor` makes of a value. */
  readonly type?: Type<unknown>;
  /** The Standard Schema of `StandardSchemaSerializerInterceptor`. */
  readonly '~standard'?: unknown;
}

/** An interceptor of Nest, or of a subclass, that serializes a value by the options of its route. */
interface Serializer extends NestInterceptor {
  serialize(value: unknown, options: SerializerOptions | undefined, ...others: unknown[]): unknown;
}

type SerializeArguments = [options: SerializerOptions | undefined, ...others: unknown[]];

/** The classes whose `serialize()` leaves a response unchanged. NestJS 11 has only the first. */
const SERIALIZERS = [
  ClassSerializerInterceptor,
  (nest as { StandardSchemaSerializerInterceptor?: unknown }).StandardSchemaSerializerInterceptor,
].filter((serializer) => typeof serializer === 'function');

/** The serializers that have passed on a response since it was sent last, and their arguments. */
const passedOn = new WeakMap<StreamableFile, Map<Serializer, SerializeArguments>>();

/** Several applications may share a serializer. */
const watched = new WeakSet<Serializer>();

/**
 * Warns of properties that a response sends but a serializer of Nest would leave out of a plain value, e.g.
 * `ClassSerializerInterceptor` because of `@Exclude()`. A serializer does not see the content of a response. Logged once
 * for each route and class.
 *
 * The serializers themselves tell which responses they pass on, and with which options. So a warning needs a serializer
 * that runs on the route.
 */
export class SerializerBypass {
  readonly #logger = new Logger('ResponsesModule');
  /** The routes that have sent an instance of a class. */
  readonly #seen = new WeakMap<object, Set<string>>();

  constructor(config: ApplicationConfig, modules: ModulesContainer) {
    const all = new Set([...config.getGlobalInterceptors(), ...interceptorsOf(modules)]);
    [...all].filter(isSerializer).forEach(watch);
  }

  /** @param route returns the name of the route for the log. Called only if there is something to compare */
  inspect(response: Response, route: () => string): void {
    const passed = passedOn.get(response);
    if (!passed) {
      return;
    }
    passedOn.delete(response);
    if (!('content' in response) || 'schema' in response) {
      return;
    }
    for (const [serializer, options] of passed) {
      try {
        for (const value of serializedIn(response.content, options[0])) {
          const type = typeOf(value, options[0]);
          if (this.#isNew(type, route())) {
            void this.#compare(value, type, serializer, options, response, route());
          }
        }
      } catch {
        // A getter has failed, which the response itself reports.
      }
    }
  }

  async #compare(
    value: object,
    type: object & { name: string },
    serializer: Serializer,
    options: SerializeArguments,
    response: Response,
    route: string,
  ): Promise<void> {
    try {
      const missing = await pathsOnlyIn(value, serializer, options);
      if (missing.length > 0) {
        const plain =
          serializer instanceof ClassSerializerInterceptor
            ? 'instanceToPlain(value)'
            : "the schema's output";
        this.#logger.warn(
          `${route}: a ${response.constructor.name} sends ${missing.join(', ')} of ${type.name}, which ` +
            `${serializer.constructor.name} leaves out of plain values. It does not see the content of a response. ` +
            `Return the value itself, or pass ${plain} to the response.`,
        );
      }
    } catch {
      // A value has functions, no JSON form, or does not match the schema of the serializer.
    }
  }

  #isNew(type: object, route: string): boolean {
    const routes = this.#seen.get(type) ?? new Set();
    this.#seen.set(type, routes);
    const isNew = !routes.has(route);
    routes.add(route);
    return isNew;
  }
}

/** Notes each response that a serializer passes on. */
function watch(serializer: Serializer): void {
  if (watched.has(serializer)) {
    return;
  }
  watched.add(serializer);
  const serialize = serializer.serialize.bind(serializer);
  serializer.serialize = (value, ...options) => {
    if (isResponse(value)) {
      const passed = passedOn.get(value) ?? new Map<Serializer, SerializeArguments>();
      passedOn.set(value, passed.set(serializer, options));
    }
    return serialize(value, ...options);
  };
}

/** The interceptors of controllers and handlers. Those of a request do not exist yet. */
function* interceptorsOf(modules: ModulesContainer): Iterable<unknown> {
  const scanner = new MetadataScanner();
  for (const { controllers, injectables } of modules.values()) {
    for (const wrapper of injectables.values()) {
      yield wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
    }
    for (const { metatype } of controllers.values()) {
      const { prototype } = metatype as Type<Record<string, object>>;
      const handlers = scanner.getAllMethodNames(prototype).map((name) => prototype[name]);
      for (const target of [metatype, ...handlers]) {
        yield* (Reflect.getMetadata(INTERCEPTORS_METADATA, target as object) ?? []) as unknown[];
      }
    }
  }
}

function isSerializer(interceptor: unknown): interceptor is Serializer {
  return SERIALIZERS.some((serializer) => interceptor instanceof (serializer as Type<unknown>));
}

/**
 * Yields the values that a serializer would change: with a `type` or a Standard Schema the value or the first item of a
 * list, otherwise the instances of classes in it.
 */
function serializedIn(content: unknown, options: SerializerOptions | undefined): Iterable<object> {
  if (!options?.type && !options?.['~standard']) {
    return instancesIn(content);
  }
  const sample: unknown = Array.isArray(content) ? content[0] : content;
  return typeof sample !== 'object' ||
    sample === null ||
    isStreamContent(sample) ||
    hasJSONForm(sample)
    ? []
    : [sample];
}

/** The class of a serialized value, by which it is reported. */
function typeOf(value: object, options: SerializerOptions | undefined): object & { name: string } {
  return isInstance(value)
    ? (Object.getPrototypeOf(value) as { constructor: Type<unknown> }).constructor
    : (options?.type ?? Object);
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

/** The properties of the JSON form of a value that the serializer leaves out. */
async function pathsOnlyIn(
  value: object,
  serializer: Serializer,
  options: SerializeArguments,
): Promise<string[]> {
  const sent: unknown = JSON.parse(JSON.stringify(value, refuseFunctions));
  const plain: unknown = JSON.parse(JSON.stringify(await serializer.serialize(value, ...options)));
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
