import type { Type } from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { ownStatus } from './route-contract.js';

/**
 * The static method in which `SwaggerModule.loadPluginMetadata()` stores the findings of swagger's plugin for a class.
 */
const METADATA_FACTORY = '_OPENAPI_METADATA_FACTORY';

/**
 * Declares the response type that swagger's plugin found for a handler, unless a decorator declares one. With tsc, the
 * plugin writes decorators itself. With SWC, its findings are loaded at start-up, and swagger applies them only when it
 * creates a document. That is too late to bind routes.
 */
export function applyPluginMetadata(
  controller: Type<object>,
  name: string,
  handler: (...args: never[]) => unknown,
): void {
  const { prototype } = controller;
  for (let owner: object | null = prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const factory: unknown = Reflect.get(owner.constructor, METADATA_FACTORY);
    if (typeof factory !== 'function') {
      continue;
    }
    const found = (factory() as Record<string, object | undefined>)[name] ?? {};
    const {
      summary: _summary,
      deprecated: _deprecated,
      tags: _tags,
      ...response
    } = found as Record<string, unknown>;
    if (Object.keys(response).length > 0) {
      const options = { status: ownStatus(handler), ...response } as ApiResponseOptions;
      ApiResponse(options, { overrideExisting: false })(prototype, name, { value: handler });
    }
  }
}
