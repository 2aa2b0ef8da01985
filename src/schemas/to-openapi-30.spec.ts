import { validate } from '@hyperjump/json-schema/openapi-3-0';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toOpenAPI30 } from './to-openapi-30.js';

describe('toOpenAPI30()', () => {
  it.each([
    ['any value', true, {}],
    ['no value', false, { not: {} }],
    ['a type', { type: 'string', minLength: 1 }, { type: 'string', minLength: 1 }],
    ['a type or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'several types',
      { type: ['string', 'array'] },
      { allOf: [{ anyOf: [{ type: 'string' }, { type: 'array', items: {} }] }] },
    ],
    [
      'options of null alone',
      { anyOf: [{ type: 'null' }] },
      { anyOf: [{ enum: [null], nullable: true }] },
    ],
    ['null alone', { type: 'null' }, { enum: [null], nullable: true }],
    ['a constant', { const: 'a' }, { enum: ['a'] }],
    ['a constant null', { const: null }, { enum: [null], nullable: true }],
    ['an exclusive bound', { exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
    ['a bound that is tighter', { exclusiveMinimum: 0, minimum: 1 }, { minimum: 1 }],
    [
      'a bound that is looser',
      { exclusiveMaximum: 5, maximum: 9 },
      { maximum: 5, exclusiveMaximum: true },
    ],
    [
      'an option of null',
      { anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] },
      { type: 'string', maxLength: 3, nullable: true },
    ],
    [
      'an option of null beside a reference',
      { oneOf: [{ $ref: '#/components/schemas/A' }, { type: 'null' }] },
      { allOf: [{ $ref: '#/components/schemas/A' }], nullable: true },
    ],
    [
      'an option of null beside several',
      { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
      { anyOf: [{ type: 'string' }, { type: 'number' }], nullable: true },
    ],
    ['a reference alone', { $ref: '#/a' }, { $ref: '#/a' }],
    [
      'what stands beside a reference',
      { $ref: '#/a', description: 'An a.' },
      { allOf: [{ $ref: '#/a' }], description: 'An a.' },
    ],
    ['an example', { examples: ['a', 'b'] }, { example: 'a' }],
    ['a list of anything', { type: 'array' }, { type: 'array', items: {} }],
    [
      'properties, whatever they are called',
      { properties: { type: { const: 1 }, __proto__: { type: 'null' } } },
      { properties: { type: { enum: [1] } } },
    ],
    ['no further properties', { additionalProperties: false }, { additionalProperties: false }],
    [
      'further properties of a type',
      { additionalProperties: { type: ['number', 'null'] } },
      { additionalProperties: { type: 'number', nullable: true } },
    ],
    [
      'what it has no word for',
      { type: 'array', prefixItems: [{}], items: false, if: {}, $comment: '', $id: 'a' },
      { type: 'array', items: {} },
    ],
    ['an extension', { 'x-a': 1 }, { 'x-a': 1 }],
  ])('translates %s', (_what, schema, expected) => {
    expect(toOpenAPI30(schema)).toEqual(expected);
  });

  it('creates a valid Schema Object for every JSON Schema', async () => {
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.boolean(),
        fc.record(
          {
            type: fc.oneof(
              fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null'),
              fc.uniqueArray(fc.constantFrom('string', 'number', 'object', 'array', 'null'), {
                minLength: 1,
              }),
            ),
            const: fc.jsonValue({ maxDepth: 0 }),
            exclusiveMinimum: fc.integer(),
            minimum: fc.integer(),
            maximum: fc.integer(),
            description: fc.string(),
            $ref: fc.constant('#/components/schemas/A'),
            items: tie('schema'),
            prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
            additionalProperties: tie('schema'),
            properties: fc.dictionary(fc.string(), tie('schema'), { maxKeys: 2 }),
            anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
            not: tie('schema'),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    const run = await fc.check(
      fc.asyncProperty(schema, async (generated) => {
        const document = {
          openapi: '3.0.4',
          info: { title: '', version: '' },
          paths: {},
          components: { schemas: { A: toOpenAPI30(generated as boolean) } },
        };
        const output = await validate(
          'https://spec.openapis.org/oas/3.0/schema',
          JSON.parse(JSON.stringify(document)) as Record<string, string>,
        );
        return output.valid;
      }),
      { numRuns: 300 },
    );
    expect(run.counterexample).toBe(null);
  });
});
