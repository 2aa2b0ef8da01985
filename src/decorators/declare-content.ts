import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiResponse,
  getSchemaPath,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import {
  DECLARATION,
  responseEntries,
  type DeclaredContent,
  type DeclaredType,
  type Declaration,
} from './declaration.js';

/** Options of swagger's `ApiResponse` that every decorator of a response takes. */
export interface DeclaredResponseOptions extends DeclaredContent {
  /** @default that of the route: `@HttpCode()`, or 201 for POST and 200 for any other method */
  readonly status?: ApiResponseOptions['status'];
  readonly description?: string;
  readonly headers?: ApiResponseOptions['headers'];
  readonly links?: ApiResponseOptions['links'];
}

/** Stands for the route's own status until the route is bound: that of most routes. */
const ASSUMED_STATUS = 200;

const PRIMITIVES = new Map<unknown, object>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Date, { type: 'string', format: 'date-time' }],
]);

/** Writes swagger's metadata of a response that carries the same content in each of the media types. */
export function declareContent(
  mediaTypes: readonly string[],
  options: DeclaredResponseOptions,
): MethodDecorator {
  const { status = ASSUMED_STATUS, type, schema, standardSchema, events, ...described } = options;
  const content: DeclaredContent = { type, schema, standardSchema, events };
  return applyDecorators(
    ApiExtraModels(...modelsOf(content)),
    (target: object, key: string | symbol, descriptor: PropertyDescriptor) => {
      const earlier = responseEntries(descriptor.value as object)[status];
      const declaration: Declaration = {
        // Decorators run from the bottom up, and what is declared first is what stands on top.
        contents: { ...forEach(mediaTypes, content), ...earlier?.[DECLARATION]?.contents },
        isOwnStatus: options.status === undefined,
      };
      const response: ApiResponseOptions & { [DECLARATION]: Declaration } = {
        ...described,
        status,
        content: { ...forEach(mediaTypes, documentedContent(content)), ...earlier?.content },
        [DECLARATION]: declaration,
      };
      ApiResponse(response)(target, key, descriptor);
    },
  );
}

function forEach<TValue>(mediaTypes: readonly string[], value: TValue): Record<string, TValue> {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, value]));
}

function documentedContent({ type, schema, events }: DeclaredContent): { schema?: object } {
  if (events) {
    return { schema: { oneOf: Object.values(events).map(schemaOf) } };
  }
  if (type) {
    return { schema: schemaOf(type) };
  }
  return schema ? { schema } : {};
}

function schemaOf(type: DeclaredType): object {
  if (isArray(type)) {
    return { type: 'array', items: schemaOf(type[0]) };
  }
  return PRIMITIVES.get(type) ?? { $ref: getSchemaPath(type) };
}

function modelsOf({ type, events }: DeclaredContent): Type<unknown>[] {
  return [...(type ? [type] : []), ...Object.values(events ?? {})]
    .map((declared) => (isArray(declared) ? declared[0] : declared))
    .filter((model) => !PRIMITIVES.has(model));
}

function isArray(type: DeclaredType): type is readonly [Type<unknown>] {
  return Array.isArray(type);
}
