import type { SchemaData } from '../../schemas/map-subschemas.js';
import { isAtLeast } from '../../schemas/openapi-version.js';
import type { DescribedItems, ItemsDescription } from '../representation.js';
import { isOfTypes } from './is-of-types.js';

/** Describes a stream as a sequence of its items. */
export function describeItems({ schema, openapi }: DescribedItems): ItemsDescription {
  return { media: streamSchema(schema, openapi), example: (item) => item };
}

/** Describes a stream of events, each an object of the fields that a client reads of it. */
export function describeEvents(items: DescribedItems): ItemsDescription {
  const { openapi } = items;
  const events = eventsOf(items);
  const [first] = events;
  return {
    media: streamSchema(eventSchema(events, openapi), openapi),
    // An example is that of the data, or of an event if events have names.
    example: (item) =>
      first && first.name === undefined ? { data: exampleData(item, first.isText, openapi) } : item,
  };
}

/** What the events of one kind are made of. */
interface EventDescription {
  /** What they are called; undefined where any name, or none, will do. */
  readonly name?: string;
  readonly data: SchemaData;
  /** Whether the data is sent as the text that it is, rather than as JSON. */
  readonly isText: boolean;
}

/**
 * How a stream of items is described: by the schema of an item, or before OpenAPI 3.2 by that of the array of them all,
 * which is what OpenAPI 3.2 takes the content of a sequential media type for.
 *
 * Source: OpenAPI 3.2.0, "Sequential Media Types".
 */
function streamSchema(item: SchemaData, openapi: string): ItemsDescription['media'] {
  return isAtLeast(openapi, 2) ? { itemSchema: item } : { schema: { type: 'array', items: item } };
}

/**
 * One event of a stream, as an object of the fields that a client reads of it; where events have names, one option for
 * each.
 *
 * Source: OpenAPI 3.2.0, "Special Considerations for Server-Sent Events".
 */
function eventSchema(events: readonly EventDescription[], openapi: string): SchemaData {
  const options = events.map((event) => optionOf(event, openapi));
  const [only] = options;
  return only && !('title' in only) ? only : { oneOf: options };
}

/** What stands for the data of an event in an example. */
function exampleData(data: unknown, isText: boolean, openapi: string): unknown {
  if (isText) {
    return typeof data === 'string' ? data : JSON.stringify(data);
  }
  return isAtLeast(openapi, 1) ? JSON.stringify(data) : data;
}

function eventsOf({ schema, names, components }: DescribedItems): readonly EventDescription[] {
  if (!names) {
    return [eventOf(schema, components)];
  }
  const options = schema['oneOf'] as readonly SchemaData[];
  return names.map((name, index) => ({ name, ...eventOf(options[index] ?? {}, components) }));
}

function eventOf(data: SchemaData, components: DescribedItems['components']): EventDescription {
  if (isOfTypes(['string'], data, components)) {
    return { data, isText: true };
  }
  // Text is sent as it is, so that text or null is no JSON; nor is data of any type.
  const isMaybeText = isOfTypes(['string', 'null'], data, components);
  return isMaybeText || Object.keys(data).length === 0
    ? { data: { type: 'string' }, isText: true }
    : { data, isText: false };
}

function optionOf({ name, data, isText }: EventDescription, openapi: string): SchemaData {
  const isNamed = name !== undefined;
  return {
    ...(isNamed && { title: name }),
    type: 'object',
    // An event that names no type is a message to its client. Source: WHATWG HTML, 9.2.6.
    required: isNamed && name !== 'message' ? ['event', 'data'] : ['data'],
    properties: {
      event: { type: 'string', ...(isNamed && constant(name, openapi)) },
      data: isText ? data : jsonText(data, openapi),
      id: { type: 'string' },
      retry: { type: 'integer', minimum: 0 },
    },
  };
}

function constant(value: string, openapi: string): SchemaData {
  return isAtLeast(openapi, 1) ? { const: value } : { enum: [value] };
}

/** A string that holds JSON. OpenAPI 3.0 cannot say so: there it is what its JSON holds. */
function jsonText(schema: SchemaData, openapi: string): SchemaData {
  return isAtLeast(openapi, 1)
    ? { type: 'string', contentMediaType: 'application/json', contentSchema: schema }
    : { description: 'Sent as JSON text.', allOf: [schema] };
}
