import { ClassSerializerInterceptor, Logger, type Type } from '@nestjs/common';
import {
  MetadataScanner,
  Reflector,
  type ApplicationConfig,
  type ModulesContainer,
} from '@nestjs/core';
import type { Response } from '../responses/response.js';
import { INTERCEPTORS_METADATA } from './nest-metadata.js';

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
    const { content } = response;
    const sample: unknown = Array.isArray(content) ? content[0] : content;
    if (!isInstance(sample)) {
      return;
    }
    // Null is an answer too.
    if (this.#serializer === undefined) {
      this.#serializer = this.#find();
    }
    if (this.#serializer && this.#isNew(sample.constructor, route())) {
      const missing = pathsOnlyIn(sample, this.#serializer);
      if (missing.length > 0) {
        this.#logger.warn(
          `${route()}: a ${response.constructor.name} sends ${missing.join(', ')} of ${sample.constructor.name}, which ` +
            'ClassSerializerInterceptor leaves out of plain values. It does not see the content of a response. Return the ' +
            'value itself, or pass instanceToPlain(value) to the response.',
        );
      }
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

function isInstance(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}

/** The properties of the JSON form of a value that the interceptor leaves out. */
function pathsOnlyIn(value: object, serializer: ClassSerializerInterceptor): string[] {
  try {
    const { defaultOptions } = serializer as unknown as { readonly defaultOptions: object };
    const sent: unknown = JSON.parse(JSON.stringify(value));
    const plain: unknown = JSON.parse(
      JSON.stringify(serializer.serialize(value as never, { ...defaultOptions })),
    );
    return onlyIn(sent, plain, '');
  } catch {
    // Has no JSON form, which the response itself reports.
    return [];
  }
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
