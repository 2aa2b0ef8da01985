import { Logger } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { CONTENT_NOTES, type ContentNotes } from '../decorators/declaration.js';
import type { ResponseClass } from '../responses/representation.js';
import { isStreaming, Representations } from '../responses/representations.js';
import { describeItems } from '../responses/streaming/describe-items.js';
import { isStandardSchema } from '../schemas/compile-schema.js';
import { isSchemaData, type SchemaData } from '../schemas/map-subschemas.js';
import { mapMediaTypes, type MediaTypeObject } from './map-media-types.js';
import { StandardSchemas } from './standard-schemas.js';

/**
 * Describes the streams of a document, and the Standard Schemas of our decorators in the version of the document.
 * Returns a new document.
 *
 * With OpenAPI 3.2, a stream has an `itemSchema`. For events, it is an object of `data`, `event`, `id` and `retry`,
 * with one option for each named event. For other streams, it is the schema of an item. Before 3.2, a stream has a
 * `schema`. For events, it is the schema of their data, as client generators expect. For other streams, it is the array
 * of the items.
 *
 * Called by `setupOpenAPI()`. Calling it again changes nothing.
 *
 * @param document the result of `SwaggerModule.createDocument()`. A copy made through JSON has lost the names of the
 * events
 * @param responses the classes of the module's option `responses` @default none
 *
 * @publicApi
 */
export function describeStreams(
  document: OpenAPIObject,
  responses: readonly ResponseClass[] = [],
): OpenAPIObject {
  return describeContents(
    document,
    new StandardSchemas(document.openapi),
    new Representations(responses),
  );
}

/** Does the same with the Standard Schemas that the document was created with. */
export function describeContents(
  document: OpenAPIObject,
  standardSchemas: StandardSchemas,
  representations: Representations,
): OpenAPIObject {
  const describer = new ContentDescriber(document, standardSchemas, representations);
  const described = mapMediaTypes(document, (media, mediaType, place) =>
    describer.describe(media, mediaType, place),
  );
  return {
    ...described,
    components: { ...described.components, schemas: describer.components },
  } as OpenAPIObject;
}

class ContentDescriber {
  readonly components: Record<string, SchemaData>;
  readonly #openapi: string;
  readonly #logger = new Logger('OpenAPI');

  constructor(
    { openapi, components }: OpenAPIObject,
    private readonly standardSchemas: StandardSchemas,
    private readonly representations: Representations,
  ) {
    this.#openapi = openapi;
    this.components = { ...(components?.schemas as Record<string, SchemaData>) };
    standardSchemas.reserve(Object.keys(this.components));
  }

  describe(media: MediaTypeObject, mediaType: string, place: string): MediaTypeObject {
    const notes = media[CONTENT_NOTES]?.();
    const answering = this.representations.of(mediaType);
    const isStream = answering !== undefined && isStreaming(answering) && !('itemSchema' in media);
    if (notes?.isDescribed || !(notes || isStream)) {
      return media;
    }
    const schema = this.#bodySchema(media, notes, `${place}, ${mediaType}`);
    const { schema: _replaced, ...rest } = media;
    const whole = { ...rest, ...(schema && { schema }) };
    return {
      ...(isStream ? this.#stream(rest, schema ?? {}, answering, notes) : whole),
      [CONTENT_NOTES]: () => ({ content: {}, ...notes, isDescribed: true }),
    };
  }

  #stream(
    media: SchemaData,
    schema: SchemaData,
    answering: ResponseClass,
    notes: ContentNotes | undefined,
  ): MediaTypeObject {
    const { events, isItem } = notes?.content ?? {};
    const isList = !isItem && schema['type'] === 'array' && isSchemaData(schema['items']);
    const items = {
      schema: isList ? (schema['items'] as SchemaData) : schema,
      names: events && Object.keys(events),
      components: this.components,
      openapi: this.#openapi,
    };
    const described = answering.describeItems?.(items) ?? describeItems(items);
    const { example } = described;
    return {
      ...this.#examples(media, (value) =>
        example(isList && Array.isArray(value) ? value : [value]),
      ),
      ...described.media,
    };
  }

  /** Returns the declared schema of the value or, for a stream, of one item. */
  #bodySchema(
    { schema }: MediaTypeObject,
    notes: ContentNotes | undefined,
    place: string,
  ): SchemaData | undefined {
    const { standardSchema, events } = notes?.content ?? {};
    if (events) {
      const options = schema?.['oneOf'] as readonly SchemaData[];
      return {
        oneOf: Object.values(events).map((data, index) =>
          isStandardSchema(data) ? this.#standardSchema(data, place) : (options[index] ?? {}),
        ),
      };
    }
    if (!standardSchema) {
      return schema;
    }
    const placed = this.#standardSchema(standardSchema, place);
    return (notes?.wrap?.(placed, this.#openapi) as SchemaData | undefined) ?? placed;
  }

  #standardSchema(standardSchema: object, place: string): SchemaData {
    try {
      const placed = this.standardSchemas.place(standardSchema);
      if (placed) {
        Object.assign(this.components, placed.components);
        return placed.schema;
      }
      this.#logger.warn(
        `${place}: the Standard Schema cannot be described, because its library provides no JSON Schema. ` +
          'Set the option "standardSchemaConverter" of setupOpenAPI().',
      );
    } catch (error) {
      this.#logger.warn(
        `${place}: the Standard Schema cannot be described: ${(error as Error).message}`,
      );
    }
    return {};
  }

  #examples(media: SchemaData, bodyOf: (value: unknown) => unknown): SchemaData {
    const { example, examples, ...rest } = media;
    return {
      ...rest,
      ...(example !== undefined && { example: bodyOf(example) }),
      ...(isSchemaData(examples) && {
        examples: Object.fromEntries(
          Object.entries(examples).map(([name, named]) => [
            name,
            isSchemaData(named) && 'value' in named
              ? { ...named, value: bodyOf(named['value']) }
              : named,
          ]),
        ),
      }),
    };
  }
}
