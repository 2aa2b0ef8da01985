import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompiledSchema } from './compiled-schema.js';
import type { OpenAPISchema } from './openapi-schema.js';
import { toJSONSchema } from './to-json-schema.js';

/** A schema of the kinds that a DTO is made of, in the form that JSON Schema and OpenAPI 3.1 share. */
type Shape =
  | { type: 'string' | 'integer' | 'boolean' }
  | { type: 'string'; format: 'date-time' }
  | { anyOf: [Shape, { type: 'null' }] }
  | { type: 'array'; items: Shape }
  | { type: 'object'; additionalProperties: Shape }
  | ObjectShape
  | { allOf: [ObjectShape, ObjectShape] }
  | { oneOf: ObjectShape[]; discriminator?: { propertyName: string } };

interface ObjectShape {
  type: 'object';
  properties: Record<string, Shape | { const: string }>;
  required: string[];
}

const TAG = 'kind';
const name = fc
  .oneof(
    fc.constantFrom('a', 'b', 'c', 'constructor', 'toString', '__proto__', '"', 'ä'),
    fc.string({ maxLength: 3 }),
  )
  // `JSON.parse()` of Node 24 and 26 takes the name `"` for `\` once it has seen an object with that.
  .filter((candidate) => candidate !== TAG && candidate !== '\\');

const unique = { maxLength: 3, selector: ([key]: [string, unknown]) => key };

function record<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries);
}

const shapes = fc.letrec<{ shape: Shape; object: ObjectShape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Shape>(
      { type: 'string' },
      { type: 'integer' },
      { type: 'boolean' },
      { type: 'string', format: 'date-time' },
    ),
    tie('shape').map((shape): Shape => ({ anyOf: [shape, { type: 'null' }] })),
    tie('shape').map((items): Shape => ({ type: 'array', items })),
    tie('shape').map((additionalProperties): Shape => ({ type: 'object', additionalProperties })),
    tie('object'),
    fc
      .tuple(tie('object'), tie('object'))
      .map(([left, right]): Shape => ({ allOf: [left, disjoint(right, left)] })),
    fc
      .record({
        options: fc.array(tie('object'), { minLength: 2, maxLength: 3 }),
        discriminated: fc.boolean(),
      })
      .map(({ options, discriminated }): Shape => ({
        oneOf: options.map((option, index) => ({
          ...option,
          properties: { ...option.properties, [TAG]: { const: `${index}` } },
          required: [...option.required, TAG],
        })),
        ...(discriminated ? { discriminator: { propertyName: TAG } } : {}),
      })),
  ),
  object: fc
    .uniqueArray(fc.tuple(name, tie('shape'), fc.boolean()), {
      maxLength: 4,
      selector: ([key]) => key,
    })
    .map((properties) => ({
      type: 'object',
      properties: record(properties.map(([key, shape]) => [key, shape])),
      required: properties.filter(([, , required]) => required).map(([key]) => key),
    })),
}));

function disjoint(shape: ObjectShape, other: ObjectShape): ObjectShape {
  const kept = Object.keys(shape.properties).filter((key) => !Object.hasOwn(other.properties, key));
  return {
    type: 'object',
    properties: record(Object.entries(shape.properties).filter(([key]) => kept.includes(key))),
    required: shape.required.filter((key) => kept.includes(key)),
  };
}

/** Values that conform to `shape`, with properties here and there that it does not declare. */
function valueOf(shape: Shape | { const: string }): fc.Arbitrary<unknown> {
  if ('const' in shape) {
    return fc.constant(shape.const);
  }
  if ('anyOf' in shape) {
    return fc.oneof(fc.constant(null), valueOf(shape.anyOf[0]));
  }
  if ('oneOf' in shape) {
    return fc.oneof(...shape.oneOf.map((option) => objectOf([option])));
  }
  if ('allOf' in shape) {
    return objectOf(shape.allOf);
  }
  if ('properties' in shape) {
    return objectOf([shape]);
  }
  if ('additionalProperties' in shape) {
    return fc.uniqueArray(fc.tuple(name, valueOf(shape.additionalProperties)), unique).map(record);
  }
  if ('items' in shape) {
    return fc.array(valueOf(shape.items), { maxLength: 3 });
  }
  if ('format' in shape) {
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });
  }
  return { string: fc.string(), integer: fc.integer(), boolean: fc.boolean() }[shape.type];
}

function objectOf(shapes: readonly ObjectShape[]): fc.Arbitrary<Record<string, unknown>> {
  const declared = shapes.flatMap(({ properties, required }) =>
    Object.entries(properties).map(([key, property]) => {
      const entry = valueOf(property).map((value) => [[key, value] as const]);
      return required.includes(key) ? entry : fc.oneof(entry, fc.constant([]));
    }),
  );
  const undeclared = fc
    .uniqueArray(fc.tuple(name, fc.anything()), unique)
    .map((entries) =>
      entries.filter(([key]) => !shapes.some(({ properties }) => Object.hasOwn(properties, key))),
    );
  return fc.tuple(undeclared, ...declared).map((entries) => record(entries.flat()));
}

/** Returns the part of `value` that `shape` declares, in the simplest possible way. */
function prune(shape: Shape | { const: string }, value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value !== 'object' || value === null || 'const' in shape) {
    return value;
  }
  if ('anyOf' in shape) {
    return prune(shape.anyOf[0], value);
  }
  if ('oneOf' in shape) {
    const tag = Number(Object.entries(value).find(([key]) => key === TAG)?.[1]);
    return prune(shape.oneOf[tag] ?? { const: '' }, value);
  }
  if ('allOf' in shape) {
    return record(shape.allOf.flatMap((part) => Object.entries(prune(part, value) as object)));
  }
  if (Array.isArray(value)) {
    return 'items' in shape ? value.map((item) => prune(shape.items, item)) : value;
  }
  const declared = (key: string): Shape | { const: string } | undefined =>
    'properties' in shape
      ? Object.entries(shape.properties).find(([candidate]) => candidate === key)?.[1]
      : 'additionalProperties' in shape
        ? shape.additionalProperties
        : undefined;
  return record(
    Object.entries(value).flatMap(([key, property]) => {
      const inner = declared(key);
      return inner === undefined ? [] : [[key, prune(inner, property)] as const];
    }),
  );
}

function serialize(shape: Shape, value: unknown): string {
  return new CompiledSchema('Sample', toJSONSchema(openAPI(shape), {})).serialize(value);
}

/** As JSON has it: swagger's types know none of the keywords that are new in OpenAPI 3.1. */
function openAPI(shape: Shape): OpenAPISchema {
  return JSON.parse(JSON.stringify(shape));
}

const samples = shapes.shape.chain((shape) => fc.tuple(fc.constant(shape), valueOf(shape)));

describe('A matching value', () => {
  it('is sent with exactly its declared part', () => {
    fc.assert(
      fc.property(samples, ([shape, value]) => {
        expect(JSON.parse(serialize(shape, value))).toEqual(prune(shape, value));
      }),
    );
  });

  it('still matches after projection, according to another validator', () => {
    fc.assert(
      fc.property(samples, ([shape, value]) => {
        const ajv = new Ajv2020({
          strict: false,
          validateSchema: false,
          meta: false,
          validateFormats: false,
          ownProperties: true,
        });
        expect(ajv.validate(shape, JSON.parse(serialize(shape, value)))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is unchanged by a second pass', () => {
    fc.assert(
      fc.property(samples, ([shape, value]) => {
        const once = serialize(shape, value);
        expect(serialize(shape, JSON.parse(once))).toBe(once);
        expect(
          new CompiledSchema('Sample', toJSONSchema(openAPI(shape), {})).inspect(
            JSON.parse(once),
            once,
          ),
        ).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
