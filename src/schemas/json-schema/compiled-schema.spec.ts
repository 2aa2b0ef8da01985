import { describe, expect, it } from 'vitest';
import { compileSchema } from '../compile-schema.js';
import { jsonPath } from '../json-path.js';
import { SchemaCompilationException } from '../schema-compilation.exception.js';
import { SerializationException } from '../serialization.exception.js';
import type { Components, FindComponent, OpenAPISchema } from './openapi-schema.js';

/** A schema with keywords of OpenAPI 3.1, of which swagger's types know only those of 3.0. */
function openAPI(text: string): OpenAPISchema {
  return JSON.parse(text);
}

const find: FindComponent = (name) => components[name];

const components: Components = {
  Owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  Cat: {
    type: 'object',
    required: ['lives'],
    properties: { lives: { type: 'integer' }, owner: { $ref: '#/components/schemas/Owner' } },
  },
  Dog: {
    type: 'object',
    required: ['bark'],
    properties: {
      bark: { type: 'boolean' },
      owner: { type: 'object', properties: { dogId: { type: 'integer' } } },
    },
  },
  Node: {
    type: 'object',
    properties: {
      value: { type: 'number' },
      next: {
        oneOf: [{ $ref: '#/components/schemas/Node' }, { $ref: '#/components/schemas/Owner' }],
      },
    },
    required: ['value'],
  },
  'a/b~c d': { type: 'integer' },
};
const cat = { $ref: '#/components/schemas/Cat' };
const dog = { $ref: '#/components/schemas/Dog' };
const x = { type: 'string' };
const closed = (...names: string[]): OpenAPISchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, x])),
  required: names,
  additionalProperties: false,
});

describe('An OpenAPI schema object', () => {
  it.each<[string, OpenAPISchema, unknown, unknown]>([
    ['a $ref', { $ref: '#/components/schemas/Owner' }, { name: 'Ann', y: 1 }, { name: 'Ann' }],
    ['a $ref with escapes', { $ref: '#/components/schemas/a~1b~0c%20d' }, 1, 1],
    [
      'a $ref to a part of itself',
      { type: 'object', properties: { a: x, b: { $ref: '#/properties/a' } } },
      { b: 'b' },
      { b: 'b' },
    ],
    [
      'a $ref to itself',
      { type: 'object', properties: { a: x, next: { $ref: '#' } } },
      { next: { a: 'a', y: 1 } },
      { next: { a: 'a' } },
    ],
    [
      '$defs',
      openAPI('{"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"a":{}}}}}'),
      { a: 1, b: 2 },
      { a: 1 },
    ],
    ['anything', {}, { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['an object that declares no properties', { type: 'object' }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['an object that declares that it has none', { type: 'object', properties: {} }, { a: 1 }, {}],
    ['an object without other properties', closed('a'), { a: 'a', b: 'b' }, { a: 'a' }],
    [
      'an object with other properties',
      { properties: { a: x }, additionalProperties: true },
      { a: 'a', b: [1] },
      { a: 'a', b: [1] },
    ],
    [
      'an object with other properties of a type',
      { properties: { a: x }, additionalProperties: cat },
      { a: 'a', b: { lives: 9, y: 1 } },
      { a: 'a', b: { lives: 9 } },
    ],
    [
      'a list of anything',
      { type: 'array', items: {} },
      [1, 'a', undefined, { a: 1 }],
      [1, 'a', null, { a: 1 }],
    ],
    ['nullable of OpenAPI 3.0', { ...x, nullable: true }, null, null],
    ['nullable with an enum', { ...x, nullable: true, enum: ['a'] }, null, null],
    ['nullable with a $ref', { nullable: true, allOf: [cat] }, null, null],
    ['null among types', openAPI('{"type":["string","null"]}'), null, null],
    [
      'null in anyOf',
      openAPI('{"anyOf":[{"$ref":"#/components/schemas/Cat"},{"type":"null"}]}'),
      { lives: 9, y: 1 },
      { lives: 9 },
    ],
    ['several types', openAPI('{"type":["string","integer"]}'), 1, 1],
    ['const', openAPI('{"const":"a"}'), 'a', 'a'],
    ['numeric exclusive bounds', openAPI('{"exclusiveMinimum":0,"exclusiveMaximum":2}'), 1, 1],
    [
      'patterned properties',
      openAPI('{"patternProperties":{"^x-":{"type":"string"}}}'),
      { 'x-a': 'a', b: 1 },
      { 'x-a': 'a' },
    ],
    [
      'a tuple',
      openAPI(
        '{"type":"array","prefixItems":[{"$ref":"#/components/schemas/Cat"},{"type":"string"}],"items":{"type":"integer"}}',
      ),
      [{ lives: 9, y: 1 }, 'a', 1, 2],
      [{ lives: 9 }, 'a', 1, 2],
    ],
    [
      'bytes in base64url',
      openAPI('{"type":"string","contentEncoding":"base64url"}'),
      Uint8Array.of(251, 255),
      '-_8',
    ],
    [
      'what only describes',
      openAPI(
        '{"type":"string","example":1,"xml":{"name":"a"},"x-a":{},"deprecated":true,"readOnly":true,"title":"T","externalDocs":{},"$comment":"c","id":"i"}',
      ),
      'a',
      'a',
    ],
    [
      'a discriminator without options',
      { ...closed('kind'), discriminator: { propertyName: 'kind' } },
      { kind: 'a', y: 1 },
      { kind: 'a' },
    ],
    [
      'options with different required properties',
      { anyOf: [cat, dog] },
      { lives: 9, bark: 'no', owner: { name: 'Ann', dogId: 1 } },
      { lives: 9, owner: { name: 'Ann' } },
    ],
    [
      'all that options declare which hold together',
      { anyOf: [cat, dog] },
      { lives: 9, bark: true, y: 1, owner: { name: 'Ann', dogId: 1, y: 1 } },
      { lives: 9, owner: { name: 'Ann', dogId: 1 }, bark: true },
    ],
    [
      'options that tell more of an object',
      { type: 'object', properties: { id: x }, anyOf: [cat, dog] },
      { id: 'a', lives: 9, bark: 'no' },
      { id: 'a', lives: 9 },
    ],
    [
      'options that allow no other properties',
      { oneOf: [closed('a'), closed('a', 'b')] },
      { a: 'a', b: 'b', y: 1 },
      { a: 'a', b: 'b' },
    ],
    [
      'an option that names no properties',
      { anyOf: [cat, { type: 'object', maxProperties: 1 }] },
      { bark: { any: 1 } },
      { bark: { any: 1 } },
    ],
    [
      'options that only require',
      { ...closed('a', 'b'), required: [], anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 'a', y: 1 },
      { a: 'a' },
    ],
    [
      'lists as options',
      {
        oneOf: [
          { type: 'array', items: cat },
          { type: 'array', items: dog, minItems: 1 },
        ],
      },
      [{ bark: true, lives: 'no' }],
      [{ bark: true }],
    ],
    [
      'a list of anything as an option',
      { anyOf: [{ type: 'array', items: cat }, { type: 'array' }] },
      [{ a: 1 }],
      [{ a: 1 }],
    ],
    ['a primitive or an object', { oneOf: [x, cat] }, { lives: 9, y: 1 }, { lives: 9 }],
    [
      'options of a property in options',
      {
        anyOf: [
          { type: 'object', properties: { p: cat } },
          { type: 'object', properties: { p: x } },
        ],
      },
      { p: 'a' },
      { p: 'a' },
    ],
    [
      'options in a recursive type',
      { $ref: '#/components/schemas/Node' },
      { value: 1, next: { value: 2, y: 1, next: { name: 'Ann', y: 1 } } },
      { value: 1, next: { value: 2, next: { name: 'Ann' } } },
    ],
    [
      'if, then, else',
      openAPI(
        '{"properties":{"a":{"type":"string"}},"if":{"required":["a"]},"then":{"properties":{"b":{}}},"else":{"properties":{"c":{}}}}',
      ),
      { a: 'a', b: 1, c: 1 },
      { a: 'a', b: 1 },
    ],
    [
      'dependent schemas',
      openAPI(
        '{"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}}},"z":{"properties":{"c":{}}}}}',
      ),
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 1 },
    ],
    [
      'unevaluatedProperties: false',
      openAPI('{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}'),
      { a: 1, b: 1 },
      { a: 1 },
    ],
    [
      'a number of properties, counted of what is sent',
      { ...closed('a'), maxProperties: 1 },
      { a: 'a', b: 1 },
      { a: 'a' },
    ],
    ['a pattern that is no Unicode pattern', { type: 'string', pattern: '^\\-$' }, '-', '-'],
    ['a pattern of Unicode', { type: 'string', pattern: '^\\p{Lu}$' }, 'Ä', 'Ä'],
    [
      'a default of a nullable object',
      {
        type: 'object',
        properties: {
          o: {
            nullable: true,
            type: 'object',
            properties: { a: { type: 'string', default: 'a' } },
          },
        },
      },
      { o: {} },
      { o: { a: 'a' } },
    ],
    [
      'no default that could decide between options',
      {
        anyOf: [{ properties: { a: { type: 'string', default: 'a' } } }, { properties: { b: x } }],
      },
      {},
      {},
    ],
  ])('sends %s', async (_, schema, value, sent) => {
    expect(JSON.parse(await compileSchema(schema, find).serialize(value))).toEqual(sent);
  });

  it.each<[string, OpenAPISchema, unknown, string[]]>([
    [
      'no option',
      { anyOf: [cat, x] },
      { lives: 'a' },
      ['$.lives must be integer', '$ must be string', '$ matches no schema of anyOf'],
    ],
    [
      'several options of oneOf',
      { oneOf: [cat, { type: 'object', properties: { lives: {} } }] },
      { lives: 1 },
      [
        '$ matches more than one schema of oneOf: tell them apart by a discriminator, or declare anyOf',
      ],
    ],
    [
      'null or an object, in the object',
      openAPI('{"anyOf":[{"$ref":"#/components/schemas/Cat"},{"type":"null"}]}'),
      {},
      ['$.lives is required'],
    ],
    ['nothing but null', openAPI('{"oneOf":[{"type":"null"}]}'), 1, ['$ must be null']],
    [
      'equal items',
      { type: 'array', items: {}, uniqueItems: true },
      [{ a: 1 }, { a: 1 }],
      ['$ must NOT have duplicate items (items ## 0 and 1 are identical)'],
    ],
    [
      'too long a list',
      { type: 'array', items: {}, maxItems: 1 },
      [1, 2],
      ['$ must NOT have more than 1 items'],
    ],
    [
      'too long a string, in characters',
      { type: 'string', maxLength: 1 },
      '😀😀',
      ['$ must NOT have more than 1 characters'],
    ],
    [
      'a schema that allows nothing',
      { properties: { a: openAPI('false') } },
      { a: 1 },
      ['$.a boolean schema is false'],
    ],
    [
      'contradicting parts',
      { allOf: [closed('a'), { properties: { b: x } }] },
      { a: 'a', b: 'b' },
      ['$.b is not allowed'],
    ],
  ])('rejects %s', (_, schema, value, messages) => {
    let told: string[] = [];
    try {
      void compileSchema(schema, find).serialize(value);
    } catch (error) {
      told =
        error instanceof SerializationException
          ? error.violations.map(({ path, message }) => `${path} ${message}`)
          : [];
    }
    expect(told).toEqual(messages);
  });

  it.each<[string, OpenAPISchema, string]>([
    [
      'a $ref without a target',
      { $ref: '#/components/schemas/Ghost' },
      'The schema of Ghost cannot be compiled: "$ref": "#/components/schemas/Ghost" has no target. Declare the class of that name with @ApiExtraModels().',
    ],
    [
      'a $ref elsewhere',
      { title: 'Puppy', properties: { a: { $ref: 'https://example.com/a.json' } } },
      'The schema of Puppy cannot be compiled: "$ref": "https://example.com/a.json" has no target.',
    ],
    [
      'an unknown type',
      { type: 'strin' },
      'The schema of the declared schema cannot be compiled: $ has the type "strin", which JSON Schema does not have. Declare one of string, number,',
    ],
    [
      'a broken pattern',
      { title: 'Puppy', pattern: '[' },
      'The schema of Puppy cannot be compiled: $ has a pattern that is not a regular expression. Invalid regular expression',
    ],
    [
      'a property that is no schema',
      openAPI('{"title":"Puppy","properties":{"a":"string"}}'),
      'The schema of Puppy cannot be compiled: $.a has the schema "string". Declare an object or a boolean.',
    ],
    [
      'required that is no list',
      openAPI('{"title":"Puppy","required":"name"}'),
      'The schema of Puppy cannot be compiled: $ has the required "name". List the names of properties.',
    ],
    [
      'properties that are no object',
      openAPI('{"title":"Puppy","properties":[]}'),
      'The schema of Puppy cannot be compiled: "properties" must be an object of schemas, got [].',
    ],
    [
      'options that are no list',
      openAPI('{"title":"Puppy","anyOf":{}}'),
      'The schema of Puppy cannot be compiled: "anyOf" must be an array of schemas, got {}.',
    ],
  ])('cannot be compiled: %s', (_, schema, message) => {
    expect(() => compileSchema(schema, find)).toThrow(SchemaCompilationException);
    expect(() => compileSchema(schema, find)).toThrow(message);
  });
});

describe('Property names', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '',
    ' ',
    '"',
    "'",
    '`${x}`',
    '\\',
    '\n',
    '\u2028',
    'ä',
    '😀',
    '0',
    'a.b',
    'a/b~c',
    'toJSON',
    'then',
    'value',
    'run',
    'p0',
  ];
  const valueOf = (name: string): object =>
    JSON.parse(`{${JSON.stringify(name)}:"x","left out":1}`);
  const schemaOf = (name: string, keywords: object): OpenAPISchema =>
    JSON.parse(
      `{"type":"object","properties":{${JSON.stringify(name)}:{"type":"string"}},${JSON.stringify(keywords).slice(1)}`,
    );

  it.each(names)('can be anything: %j', async (name) => {
    const schema = compileSchema(schemaOf(name, { required: [name] }));
    expect(schema.serialize(valueOf(name))).toBe(`{${JSON.stringify(name)}:"x"}`);
    expect(() => schema.serialize({})).toThrow(`  ${jsonPath([name])} is required`);
    expect(() => schema.serialize(JSON.parse(`{${JSON.stringify(name)}:1}`))).toThrow(
      'must be string',
    );
    const optional = compileSchema(schemaOf(name, { title: 'Optional' }));
    expect(optional.serialize({})).toBe('{}');
    const map = compileSchema({ type: 'object', additionalProperties: { type: 'string' } });
    expect(map.serialize(JSON.parse(`{${JSON.stringify(name)}:"x"}`))).toBe(
      `{${JSON.stringify(name)}:"x"}`,
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
