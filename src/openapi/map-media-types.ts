import type { OpenAPIObject } from '@nestjs/swagger';
import type { CONTENT_NOTES, ContentNotes } from '../decorators/declaration.js';
import { isSchemaData, type SchemaData } from '../schemas/map-subschemas.js';

/** The content of a response in one media type. */
export type MediaTypeObject = SchemaData & {
  readonly schema?: SchemaData;
  readonly itemSchema?: SchemaData;
  readonly [CONTENT_NOTES]?: () => ContentNotes;
};

/**
 * Replaces one media type of a response.
 *
 * @param mediaType its name, e.g. `text/event-stream`
 * @param place the name of the response in logs, e.g. `GET /puppies (200)`
 */
export type MapMediaType = (
  media: MediaTypeObject,
  mediaType: string,
  place: string,
) => MediaTypeObject;

/** Copies a document and replaces the media types of all its responses. */
export function mapMediaTypes(document: OpenAPIObject, map: MapMediaType): OpenAPIObject {
  const { paths, webhooks, components } = document;
  return {
    ...document,
    paths: mapPathItems(paths, map),
    ...(webhooks && { webhooks: mapPathItems(webhooks, map) }),
    ...(components?.responses && {
      components: { ...components, responses: mapResponses(components.responses, '', map) },
    }),
  } as OpenAPIObject;
}

function mapPathItems(items: object, map: MapMediaType): SchemaData {
  return mapMembers(items, (item, path) =>
    mapMembers(item, (operation, method) =>
      isSchemaData(operation['responses'])
        ? mapOperation(operation, `${method.toUpperCase()} ${path}`, map)
        : operation,
    ),
  );
}

function mapOperation(operation: SchemaData, name: string, map: MapMediaType): SchemaData {
  const { responses, callbacks } = operation;
  return {
    ...operation,
    responses: mapResponses(responses as SchemaData, name, map),
    ...(isSchemaData(callbacks) && {
      callbacks: mapMembers(callbacks, (callback) => mapPathItems(callback, map)),
    }),
  };
}

function mapResponses(responses: object, operation: string, map: MapMediaType): SchemaData {
  return mapMembers(responses, (response, status) =>
    isSchemaData(response['content'])
      ? {
          ...response,
          content: mapMembers(response['content'], (media, mediaType) =>
            map(media, mediaType, `${operation} (${status})`),
          ),
        }
      : response,
  );
}

/** Copies an object and replaces its members that are objects. */
function mapMembers(
  members: object,
  map: (member: SchemaData, name: string) => SchemaData,
): SchemaData {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]: [string, unknown]) => [
      name,
      isSchemaData(member) ? map(member, name) : member,
    ]),
  );
}
