import { describe, expect, it } from 'vitest';
import { inlineDefinitions } from './definitions.js';

describe('inlineDefinitions()', () => {
  it.each([
    ['a schema that defines nothing', { type: 'string' }, { type: 'string' }],
    [
      'what is defined, wherever it is referred to',
      {
        type: 'array',
        items: { $ref: '#/$defs/A' },
        $defs: { A: { properties: { b: { $ref: '#/$defs/B' } } }, B: { type: 'string' } },
      },
      { type: 'array', items: { properties: { b: { type: 'string' } } } },
    ],
    [
      'what is defined in the words of earlier drafts',
      { allOf: [{ $ref: '#/definitions/A' }], definitions: { A: { type: 'string' } } },
      { allOf: [{ type: 'string' }] },
    ],
    [
      'a name that has to be escaped',
      { not: { $ref: '#/$defs/a~1b%20c' }, $defs: { 'a/b c': { type: 'string' } } },
      { not: { type: 'string' } },
    ],
    [
      'what stands beside a reference',
      { not: { $ref: '#/$defs/A', title: 'B' }, $defs: { A: { title: 'A', type: 'string' } } },
      { not: { title: 'B', type: 'string' } },
    ],
    [
      'any value if a schema contains itself',
      { properties: { child: { $ref: '#' } } },
      { properties: { child: {} } },
    ],
    [
      'any value if a definition contains itself',
      {
        items: { $ref: '#/$defs/A' },
        $defs: { A: { properties: { child: { $ref: '#/$defs/A' } } } },
      },
      { items: { properties: { child: {} } } },
    ],
    [
      'any value if a reference has no target',
      { items: { $ref: '#/$defs/missing' } },
      { items: {} },
    ],
    [
      'a reference to elsewhere as it is',
      { not: { $ref: 'https://example.com' } },
      { not: { $ref: 'https://example.com' } },
    ],
    [
      'data that looks like a reference as it is',
      { const: { $ref: '#/$defs/A' }, $defs: { A: {} } },
      { const: { $ref: '#/$defs/A' } },
    ],
  ])('returns %s', (_what, schema, expected) => {
    expect(inlineDefinitions(schema)).toEqual(expected);
  });
});
