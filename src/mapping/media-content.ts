import { StreamableFile, type Type } from '@nestjs/common';
import { DECORATORS, getSchemaPath } from '@nestjs/swagger';
import { Stream } from 'node:stream';
import {
  DECLARATION,
  type DeclaredContent,
  type StandardSchema,
  type ResponseEntry,
} from '../decorators/declaration.js';
import type { ResponseClass } from '../responses/representation.js';
import { isStreaming, NATIVE, type Representations } from '../responses/representations.js';
import { isDeclaredType, isStandardSchema, type SchemaSource } from '../schemas/compile-schema.js';
import { declarationOf, isNestedList } from '../schemas/declaration.js';
import type { Components } from '../schemas/json-schema/openapi-schema.js';
import { arrayOf } from '../schemas/standard/array-of.js';
import { carriedComponents, carriedSchema } from '../schemas/standard/carried-schema.js';
import { itemOf as itemOfStandard } from '../schemas/standard/item-of.js';
import { nullable as nullableOf } from '../schemas/standard/nullable.js';
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The declaration of one media type of a response. */
export interface MediaContent {
  /** The class that represents the return value of a handler. Undefined if Nest answers it. */
  readonly representation: ResponseClass | undefined;
  /** False if no response class answers the media type. */
  readonly isAnswered: boolean;
  /** The schema of the value, or of each item of a stream. */
  readonly schema?: SchemaSource | undefined;
  /** True if Nest sends strings as they are: swagger's plugin writes `type: String` for every handler of a string. */
  readonly leavesStrings: boolean;
  /** The schema of an item of a whole list. */
  readonly itemSchema?: SchemaSource | undefined;
  /** True for a whole list, whose items a handler may also return one by one. */
  readonly isList: boolean;
  /** True if an Observable is a source of the items of a list, rather than one of the whole list. */
  readonly takesObservable: boolean;
  /** The schemas of the data of named events, by name. */
  readonly events?: Readonly<Record<string, SchemaSource>> | undefined;
}

/** The declared content of a response by media type, in the order of declaration. */
export type MediaContents = ReadonlyMap<string, MediaContent>;

/** The declarations of a route that apply to all of its responses. */
export interface RouteDeclarations {
  /** The media types of `@ApiProduces()`. They apply to entries that name none. */
  readonly produces: readonly string[];
  /** The classes that a `$ref` may refer to. */
  readonly models: readonly Type<unknown>[];
  /** True if `ZodSerializerInterceptor` of nestjs-zod has already parsed or encoded the return value. */
  readonly isParsed: boolean;
}

/** The key under which `@ZodSerializerDto()` and `@ZodResponse()` of nestjs-zod name the schema of a response. */
const ZOD_SERIALIZER = 'ZOD_SERIALIZER_DTO_OPTIONS';

/** Reads the declarations of a controller and a method that apply to all of its responses. */
export function routeDeclarations(controller: object, handler: object): RouteDeclarations {
  const all = <TItem>(key: string) =>
    [controller, handler].flatMap((target) => (Reflect.getMetadata(key, target) ?? []) as TItem[]);
  return {
    produces: [...new Set(all<string>(DECORATORS.API_PRODUCES))],
    models: all<Type<unknown>>(DECORATORS.API_EXTRA_MODELS),
    isParsed: [controller, handler].some((target) => Reflect.hasMetadata(ZOD_SERIALIZER, target)),
  };
}

/** The content that an entry of swagger's metadata declares, by media type. */
export function mediaContents(
  entry: ResponseEntry,
  route: RouteDeclarations,
  representations: Representations,
): MediaContents {
  const contents = Object.entries(declaredContents(entry, route.produces)).map(
    ([mediaType, content]) => [mediaType, content, representations.of(mediaType)] as const,
  );
  const streams = contents.some(([, , answering]) => answering && isStreaming(answering));
  return new Map(
    contents.map(([mediaType, content, answering]) => {
      const item = itemOf(content);
      const isStream = answering !== undefined && isStreaming(answering);
      const schema = schemaOf(isStream && item ? item : content, route);
      return [
        mediaType,
        {
          // Without a schema, Nest can answer by itself.
          representation: answering?.isNative && schema === undefined ? undefined : answering,
          isAnswered: answering !== undefined,
          schema,
          leavesStrings: answering?.isNative === true && isInferredString(entry, route),
          itemSchema: !isStream && item ? schemaOf(item, route) : undefined,
          isList: !isStream && item !== undefined,
          takesObservable: streams || content.takesObservable === true,
          events: content.events && eventSchemas(content.events, route.models),
        },
      ];
    }),
  );
}

/** True for an entry that swagger's plugin may have written, which describes nothing. */
function isInferredString(entry: ResponseEntry, { produces }: RouteDeclarations): boolean {
  return (
    entry.type === String &&
    !entry.isArray &&
    !entry.description &&
    !entry[DECLARATION] &&
    produces.length === 0
  );
}

function eventSchemas(
  events: NonNullable<DeclaredContent['events']>,
  models: readonly Type<unknown>[],
): MediaContent['events'] {
  return Object.fromEntries(
    Object.entries(events).map(([name, data]) => [
      name,
      isStandardSchema(data) || isDeclaredType(data) ? data : withComponents(data, models),
    ]),
  );
}

/** Returns the declaration of an item of a list. Undefined if no list is declared, or if a stream of lists is. */
function itemOf({ type, isArray, schema, standardSchema, isItem }: Content): Content | undefined {
  if (isItem) {
    return undefined;
  }
  if (isArray) {
    return { type, standardSchema };
  }
  if (Array.isArray(type)) {
    return { type: type[0] as unknown };
  }
  if (standardSchema) {
    const item = itemOfStandard(standardSchema as StandardSchemaV1);
    return item && { standardSchema: item as StandardSchema };
  }
  const { type: kind, items } = (schema ?? {}) as { type?: unknown; items?: object };
  return kind === 'array' && items ? { schema: items } : undefined;
}

/** The declaration of a media type, as written by our decorators or by swagger's. */
type Content = Omit<DeclaredContent, 'type'> & {
  readonly type?: unknown;
  readonly isArray?: boolean | undefined;
  readonly nullable?: boolean | undefined;
};

function declaredContents(
  entry: ResponseEntry,
  produces: readonly string[],
): Readonly<Record<string, Content>> {
  if (entry[DECLARATION]) {
    return entry[DECLARATION].contents;
  }
  const { isArray, nullable, schema, standardSchema, content } = entry;
  const type = isContent(entry.type) || isArray ? entry.type : undefined;
  const hasSchema = type ?? schema ?? standardSchema;
  if (content && !hasSchema) {
    return content as Record<string, Content>;
  }
  const mediaTypes = hasSchema && produces.length === 0 ? (NATIVE.mediaTypes ?? []) : produces;
  const declared: Content = { type, isArray, nullable, schema, standardSchema };
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, declared]));
}

/** Classes of values that are sent as they are. They have no properties to send. */
const WHOLE_ANSWERS: readonly unknown[] = [StreamableFile, Stream, Uint8Array];

/**
 * False for types that declare nothing about the content. Swagger's plugin writes the return type of every handler:
 * `Object` for a type that it cannot name, or the class of a response, a file, a stream or bytes.
 */
function isContent(type: unknown): boolean {
  for (let base = type; typeof base === 'function'; base = Object.getPrototypeOf(base)) {
    if (WHOLE_ANSWERS.includes(base)) {
      return false;
    }
  }
  return type !== Object;
}

function schemaOf(
  { type, isArray, nullable, schema, standardSchema }: Content,
  { models, isParsed }: RouteDeclarations,
): SchemaSource | undefined {
  if (standardSchema) {
    const standard = standardSchema as StandardSchemaV1;
    return isArray ? arrayOf(standard) : standard;
  }
  if (schema) {
    return withComponents(schema, models);
  }
  if (!type) {
    return undefined;
  }
  const source = (isArray ? [type] : type) as Type<unknown> | [Type<unknown>];
  if (typeof type === 'string') {
    return isArray ? { type: 'array', items: { type } } : { type, nullable: nullable ?? false };
  }
  if (isNestedList(source)) {
    const { schema: own, components } = declarationOf(source);
    return { ...own, ...(nullable && { nullable }), components: { schemas: components } };
  }
  const [model, isList] = Array.isArray(source) ? [source[0], true] : [source, false];
  const carried = carriedSchema(model);
  if (carried && !isParsed) {
    const list = isList ? arrayOf(carried) : carried;
    return nullable ? nullableOf(list) : source;
  }
  if (carried) {
    // Parsing again would apply the transforms of the schema twice. Its output may have types that swagger cannot describe.
    const item = { $ref: getSchemaPath(model) };
    const own = isList ? { type: 'array', items: item } : item;
    const schemas = carriedComponents(model);
    return { ...own, ...(nullable && { nullable }), components: { schemas } } as SchemaSource;
  }
  if (!nullable && models.length === 0) {
    return source;
  }
  const { schema: own, components } = declarationOf(source);
  // Swagger also resolves references among the extra models of the controller.
  if (!nullable && !leadsOut(own, components)) {
    return source;
  }
  const all = { ...componentsOf(models), ...components };
  return { ...own, ...(nullable && { nullable }), components: { schemas: all } };
}

/** True if a `$ref` points to a schema that is not among the components. */
function leadsOut(schema: object, components: Components): boolean {
  const refs = JSON.stringify([schema, components]).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return [...refs].some(([, name = '']) => !Object.hasOwn(components, name));
}

/** A schema with the components that its `$ref`s point to. */
function withComponents(schema: object, models: readonly Type<unknown>[]): SchemaSource {
  return (
    models.length > 0 ? { ...schema, components: { schemas: componentsOf(models) } } : schema
  ) as SchemaSource;
}

function componentsOf(models: readonly Type<unknown>[]): Components {
  const schemas = models.map((model) => {
    const carried = carriedComponents(model);
    if (carried) {
      return carried;
    }
    const { schema, components } = declarationOf(model);
    return { ...components, ...('$ref' in schema ? {} : { [model.name]: schema }) };
  });
  return Object.assign({}, ...schemas) as Components;
}
