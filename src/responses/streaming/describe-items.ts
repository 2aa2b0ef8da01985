import { isSchemaData, type SchemaData } from '../../schemas/map-subschemas.js';
import { isAtLeast } from '../../schemas/openapi-version.js';
import type { DescribedItems, ItemsDescription } from '../representation.js';
import { isOfTypes } from './is-of-types.js';

/**
 * Describes a stream by the schema of an item. Before OpenAPI 3.2, uses the schema of an array of all items. OpenAPI
 * 3.2 reads the content of a sequential media type in the same way.
 *
 * Source: OpenAPI 3.2.0, "Sequential Media Types".
 */
export function describeItems({ schema, openapi }: DescribedItems): ItemsDescription {
  return {
    media: isAtLeast(openapi, 2)
      ? { itemSchema: schema }
      : { schema: { type: 'array', items: schema } },
    example: (items) => items,
  };
}

/**
 * Describes a stream of events. Each is an object of the fields that a client reads. Before OpenAPI 3.2, uses the
 * schema of the data only, because client generators treat it as the schema of the parsed data.
 */
export function describeEvents(items: DescribedItems): ItemsDescription {
  const events = eventsOf(items);
  const isNamed = items.names !== undefined;
  const [first] = events;
  if (isAtLeast(items.openapi, 2)) {
    return {
      media: { itemSchema: eventSchema(events) },
      // Examples contain the data, or whole events if they have names.
      example: (examples) =>
        isNamed ? examples : examples.map((data) => ({ data: exampleData(data, first?.isText) })),
    };
  }
  // Data of two events of the same class would match two options, and thus none.
  const data = new Map(events.map((event) => [JSON.stringify(event.data), event.data]));
  return {
    media: { schema: isNamed ? { oneOf: [...data.values()] } : (first?.data ?? {}) },
    example: ([example]) => (isNamed ? dataOf(example) : example),
  };
}

/** The parts of the events of one kind. */
interface EventDescription {
  /** The name of the events. Undefined if any name, or none, is allowed. */
  readonly name?: string;
  readonly data: SchemaData;
  /** True if the data is sent as text rather than as JSON. */
  readonly isText: boolean;
}

/**
 * Returns the schema of one event, an object of the fields that a client reads. Named events get one option each.
 *
 * Source: OpenAPI 3.2.0, "Special Considerations for Server-Sent Events".
 */
function eventSchema(events: readonly EventDescription[]): SchemaData {
  const options = events.map(optionOf);
  const [only] = options;
  return only && !('title' in only) ? only : { oneOf: options };
}

/** The data of an event in an example. */
function exampleData(data: unknown, isText: boolean | undefined): unknown {
  return isText && typeof data === 'string' ? data : JSON.stringify(data);
}

/** The data of the example of a named event. */
function dataOf(event: unknown): unknown {
  return isSchemaData(event) && 'data' in event ? event['data'] : event;
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
  // Text is sent as is, so "text or null" is not JSON, and neither is data of any type.
  const isMaybeText = isOfTypes(['string', 'null'], data, components);
  return isMaybeText || Object.keys(data).length === 0
    ? { data: { type: 'string' }, isText: true }
    : { data, isText: false };
}

function optionOf({ name, data, isText }: EventDescription): SchemaData {
  const isNamed = name !== undefined;
  return {
    ...(isNamed && { title: name }),
    type: 'object',
    // Clients read an event without a type as a `message`. Source: WHATWG HTML, 9.2.6.
    required: isNamed && name !== 'message' ? ['event', 'data'] : ['data'],
    properties: {
      event: { type: 'string', ...(isNamed && { const: name }) },
      data: isText ? data : jsonText(data),
      id: { type: 'string' },
      retry: { type: 'integer', minimum: 0 },
    },
  };
}

/** A string that holds JSON. */
function jsonText(schema: SchemaData): SchemaData {
  return { type: 'string', contentMediaType: 'application/json', contentSchema: schema };
}
