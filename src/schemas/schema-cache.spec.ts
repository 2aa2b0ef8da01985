import { ApiProperty } from '@nestjs/swagger';
import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileSchema } from './compile-schema.js';
import type { SchemaSource } from './compile-schema.js';
import { SchemaCache } from './schema-cache.js';

class Puppy {
  @ApiProperty()
  name!: string;
}

class Owner {
  @ApiProperty()
  name!: string;
}

function countingCache(): { cache: SchemaCache; compiled: SchemaSource[] } {
  const compiled: SchemaSource[] = [];
  const cache = new SchemaCache((source) => {
    compiled.push(source);
    return compileSchema(source);
  });
  return { cache, compiled };
}

const standard = z.object({ name: z.string() });

describe('A schema cache', () => {
  it.each<[string, () => SchemaSource]>([
    ['a class', () => Puppy],
    ['a list of a class, each time a new array', () => [Puppy]],
    ['a Standard Schema', () => standard],
    ['a schema object written in place', () => ({ type: 'array', items: { type: 'string' } })],
  ])('compiles %s once', (_, source) => {
    const { cache, compiled } = countingCache();
    const schemas = new Set(Array.from({ length: 10_000 }, () => cache.of(source())));
    expect(compiled).toHaveLength(1);
    expect(schemas.size).toBe(1);
  });

  it('distinguishes different declarations', () => {
    const { cache, compiled } = countingCache();
    const sources: SchemaSource[] = [
      Puppy,
      [Puppy],
      Owner,
      standard,
      { type: 'string' },
      { type: 'number' },
    ];
    const schemas = new Set(sources.map((source) => cache.of(source)));
    expect(schemas.size).toBe(sources.length);
    expect(compiled).toEqual(sources);
  });

  it('caches the last thousand schema objects by content', () => {
    const compiled: SchemaSource[] = [];
    const schema = compileSchema(Puppy);
    const cache = new SchemaCache((source) => {
      compiled.push(source);
      return schema;
    });
    const source = (minimum: number): SchemaSource => ({ type: 'number', minimum });
    for (let minimum = 0; minimum <= 1000; minimum++) {
      cache.of(source(minimum));
    }
    cache.of(source(1000));
    expect(compiled).toHaveLength(1001);
    cache.of(source(0));
    expect(compiled).toHaveLength(1002);
  });

  it('throws for an invalid schema on each call', () => {
    const cache = new SchemaCache();
    for (const _ of [1, 2]) {
      expect(() => cache.of({ title: 'Puppy', type: 'strin' })).toThrow(
        'The schema of Puppy cannot be compiled',
      );
    }
  });
});
