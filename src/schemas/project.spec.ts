import 'reflect-metadata';
import { ApiProperty } from '@nestjs/swagger';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileSchema, type SchemaSource } from './compile-schema.js';
import { SerializationException } from './serialization.exception.js';

class Puppy {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  born!: Date;

  @ApiProperty({ type: 'integer', format: 'int64' })
  chip!: bigint;
}

const chip = 2n ** 60n;
const puppy = { name: 'Rex', born: new Date(0), chip, password: 'hunter2' };
const projected = { name: 'Rex', born: '1970-01-01T00:00:00.000Z', chip };

describe('project', () => {
  it.each<[string, SchemaSource, unknown, unknown]>([
    ['a class', Puppy, puppy, projected],
    ['a list', [Puppy], [puppy, puppy], [projected, projected]],
    [
      'zod',
      z.object({ name: z.string(), born: z.date(), chip: z.bigint() }),
      puppy,
      { name: 'Rex', born: '1970-01-01T00:00:00.000Z', chip },
    ],
    ['valibot', v.object({ name: v.string() }), puppy, { name: 'Rex' }],
    ['arktype', type({ name: 'string', '+': 'delete' }), puppy, { name: 'Rex' }],
    [
      'an object that toJSON() hides parts of',
      z.any(),
      { owner: { password: 'hunter2', toJSON: () => ({ name: 'Ann' }) } },
      { owner: { name: 'Ann' } },
    ],
    ['an asynchronous schema', z.string().refine(async () => true), 'Rex', 'Rex'],
  ])(
    'returns the declared part of a value as plain data: %s',
    async (_, source, value, expected) => {
      expect(await compileSchema(source).project(value)).toStrictEqual(expected);
    },
  );

  it.each<[string, SchemaSource]>([
    ['a class', Puppy],
    ['zod', z.object({ name: z.string() })],
  ])('throws for a value that does not match: %s', async (_, source) => {
    await expect(async () => compileSchema(source).project({ name: 1 })).rejects.toThrow(
      SerializationException,
    );
  });
});
