import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiResponse,
  getSchemaPath,
  type ApiResponseOptions,
  type ResponseObject,
} from '@nestjs/swagger';
import type { ResponseClass } from '../responses/representation.js';
import { isDeclaredType, isStandardSchema } from '../schemas/compile-schema.js';
import { inlineDefinitions } from '../schemas/definitions.js';
import { standardJSONSchema } from '../schemas/standard-json-schema.js';
import { toOpenAPI30 } from '../schemas/to-openapi-30.js';
import {
  ASSUMED_STATUS,
  CONTENT_NOTES,
  DECLARATION,
  responseEntries,
  type ContentNotes,
  type Declaration,
  type DeclaredContent,
  type DeclaredData,
  type DeclaredType,
  type StandardSchema,
} from './declaration.js';
import type { ItemDeclaration } from './handler-decorator.js';

/** The options of swagger's `ApiResponse` other than the content. */
export interface ResponseDescription {
  /** @default that of the route: `@HttpCode()`, or 201 for POST and 200 for any other method */
  readonly status?: ApiResponseOptions['status'];
  /** A short summary. OpenAPI 3.2 and later. */
  readonly summary?: string;
  /** A description in Markdown. @default none */
  readonly description?: string;
  /** Headers of the response, by name. @default none */
  readonly headers?: ResponseObject['headers'];
  /** Operations that follow from this response, by name. @default none */
  readonly links?: ResponseObject['links'];
}

/** Examples of the declared value or, for a stream, of one item. */
export interface ResponseExamples {
  /** One example. Use either this or `examples`. @default none */
  readonly example?: unknown;
  /** Several examples, by name. Use either this or `example`. @default none */
  readonly examples?: Readonly<
    Record<
      string,
      {
        /** A short summary. */
        readonly summary?: string;
        /** The value of the example. */
        readonly value: unknown;
      }
    >
  >;
}

/** The options that the response decorators have in common. */
export interface DeclaredResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {
  readonly events?: Readonly<Record<string, DeclaredData>>;
}

/** How the content of a response is documented and mapped, apart from its options. */
export interface ContentForm {
  /** Wraps the declared schema in that of the body, if the body is an envelope. */
  readonly wrap?: (schema: object, openapi?: string) => object;
  /** True if plain values are mapped to these media types. @default true */
  readonly isMapped?: boolean;
  /** True if the options describe one item of a stream, so that a list is an item as well. @default false */
  readonly isItem?: boolean;
  /** True if an Observable is a source of the items of a list in any media type. @default false */
  readonly takesObservable?: boolean;
}

const BUILT_IN_TYPES = new Map<unknown, object>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Date, { type: 'string', format: 'date-time' }],
  [Object, { type: 'object' }],
]);

/**
 * Writes swagger's metadata of a response with the same content in each of the media types. Throws a `TypeError` if
 * options contradict each other.
 *
 * @param answers media types, or classes, whose first media type is used
 */
export function declareContent(
  answers: readonly (string | ResponseClass)[],
  options: DeclaredResponseOptions,
  { wrap, isMapped = true, isItem, takesObservable }: ContentForm = {},
): MethodDecorator {
  const mediaTypes = answers.map(mediaTypeOf);
  const { status = ASSUMED_STATUS, summary, description, headers, links } = options;
  const content = { ...contentOf(options), ...given({ isItem, takesObservable }) };
  const media = documentedContent(content, options, wrap);
  return applyDecorators(
    ApiExtraModels(...modelsOf(content)),
    (target: object, key: string | symbol, descriptor: PropertyDescriptor) => {
      const earlier = responseEntries(descriptor.value as object)[status];
      const other = earlier?.[DECLARATION];
      const isOwnStatus = options.status === undefined;
      const declaration: Declaration = {
        // Decorators run from the bottom up, and the topmost one counts as declared first.
        contents: {
          ...(isMapped && forEach(mediaTypes, content)),
          ...other?.contents,
        },
        isOwnStatus,
        isShared: (other && (other.isShared || other.isOwnStatus !== isOwnStatus)) ?? false,
      };
      const response: ApiResponseOptions & { [DECLARATION]: Declaration } = {
        ...given({ summary, description, headers, links }),
        status,
        content: { ...forEach(mediaTypes, media), ...earlier?.content },
        [DECLARATION]: declaration,
      };
      ApiResponse(response)(target, key, descriptor);
    },
  );
}

function mediaTypeOf(answer: string | ResponseClass): string {
  return typeof answer === 'string' ? answer : (answer.mediaTypes?.[0] ?? '');
}

/** Returns the schema of a declared type in swagger's form. */
export function schemaOf(type: DeclaredType): object {
  if (isArray(type)) {
    return { type: 'array', items: schemaOf(type[0]) };
  }
  return BUILT_IN_TYPES.get(type) ?? { $ref: getSchemaPath(type) };
}

function contentOf(options: DeclaredResponseOptions): DeclaredContent {
  const { events: named } = options;
  const classes = { ...('type' in options && { type: options.type }), ...named };
  for (const [name, value] of Object.entries(classes)) {
    if (value === undefined) {
      throw new TypeError(
        `The class given for "${name}" is undefined, e.g. because of a circular import. Remove the cycle, or leave it out.`,
      );
    }
  }
  if (named && Object.keys(named).length === 0) {
    throw new TypeError('The option "events" is empty. Name an event, or leave the option out.');
  }
  const { type, isArray: isList, nullable, schema, standardSchema, events } = options;
  const declared = Object.entries({ type, schema, standardSchema, events }).filter(
    ([, value]) => value !== undefined,
  );
  if (declared.length > 1) {
    const names = declared.map(([name]) => `"${name}"`).join(' and ');
    throw new TypeError(`A response can be declared by only one of ${names}. Remove the others.`);
  }
  if (type === undefined && (isList || nullable)) {
    throw new TypeError(
      'The options "isArray" and "nullable" require "type". Otherwise, declare them within the schema.',
    );
  }
  return {
    ...given({ schema, standardSchema, events }),
    ...(type && { type: isList && !isArray(type) ? [type] : type }),
    ...(nullable && { nullable }),
  };
}

function documentedContent(
  content: DeclaredContent,
  { example, examples }: ResponseExamples,
  wrap: ContentNotes['wrap'],
): object {
  const schema = documentedSchema(content);
  return {
    ...(wrap ? { schema: wrap(schema ?? {}) } : schema && { schema }),
    ...given({ example, examples }),
    [CONTENT_NOTES]: (): ContentNotes => ({ content, wrap }),
  };
}

/** Returns a copy, because swagger modifies the schemas of an OpenAPI 3.1 document. */
function documentedSchema(content: DeclaredContent): object | undefined {
  const { type, schema, standardSchema, events, nullable } = content;
  if (events) {
    return { oneOf: Object.values(events).map(dataSchemaOf) };
  }
  if (type) {
    const declared = schemaOf(type);
    return nullable ? orNull(declared) : declared;
  }
  return standardSchema ? inlineSchemaOf(standardSchema) : schema && structuredClone(schema);
}

function dataSchemaOf(data: DeclaredData): object {
  if (isStandardSchema(data)) {
    return inlineSchemaOf(data as StandardSchema);
  }
  return isDeclaredType(data) ? schemaOf(data) : structuredClone(data);
}

/** Writes a nullable schema like swagger does for a nullable `type`. */
function orNull(schema: object): object {
  return '$ref' in schema
    ? { nullable: true, type: 'object', allOf: [schema] }
    : { ...schema, nullable: true };
}

/** Inlines all definitions for plain `SwaggerModule`, because a decorator cannot add to `components`. */
function inlineSchemaOf(standardSchema: StandardSchema): object {
  try {
    return toOpenAPI30(inlineDefinitions(standardJSONSchema(standardSchema) ?? {}));
  } catch {
    // `describeStreams()` fails on it again, and reports the operation.
    return {};
  }
}

function forEach<TValue>(mediaTypes: readonly string[], value: TValue): Record<string, TValue> {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, value]));
}

/** The options without undefined members, which would appear in the document. */
function given<TOptions extends object>(options: TOptions): Partial<TOptions> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<TOptions>;
}

function modelsOf({ type, events }: DeclaredContent): Type<unknown>[] {
  return [...(type ? [type] : []), ...Object.values(events ?? {})]
    .filter((declared) => !isStandardSchema(declared) && isDeclaredType(declared))
    .map((declared) => (isArray(declared) ? declared[0] : declared) as Type<unknown>)
    .filter((model) => !BUILT_IN_TYPES.has(model));
}

function isArray(type: DeclaredData): type is readonly [Type<unknown>] {
  return Array.isArray(type);
}
