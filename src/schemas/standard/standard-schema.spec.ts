import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileSchema } from '../compile-schema.js';
import { SerializationException } from '../serialization.exception.js';

class ObjectId {
  constructor(private readonly hex: string) {}

  toJSON(): string {
    return this.hex;
  }
}

class PuppyEntity {
  readonly #born = 2020;
  readonly id = new ObjectId('65f0');
  readonly at = new Date(0);
  readonly password = 'hunter2';
  readonly tags = ['small'];

  get name(): string {
    return 'Rex';
  }

  get age(): number {
    return 2023 - this.#born;
  }
}

const puppies: Record<string, StandardSchemaV1> = {
  zod: z.object({
    id: z.string(),
    name: z.string(),
    age: z.number().min(1),
    at: z.date(),
    tags: z.array(z.string()),
  }),
  valibot: v.object({
    id: v.string(),
    name: v.string(),
    age: v.pipe(v.number(), v.minValue(1)),
    at: v.date(),
    tags: v.array(v.string()),
  }),
  arktype: type({
    '+': 'delete',
    id: 'string',
    name: 'string',
    age: 'number>=1',
    at: 'Date',
    tags: 'string[]',
  }),
};
const rex = { id: '65f0', name: 'Rex', age: 3, at: new Date(0), tags: ['small'] };
const sent = { ...rex, at: '1970-01-01T00:00:00.000Z' };

async function failureOf(
  schema: StandardSchemaV1,
  value: unknown,
): Promise<SerializationException> {
  try {
    await compileSchema(schema).serialize(value);
  } catch (error) {
    if (error instanceof SerializationException) {
      return error;
    }
    throw error;
  }
  throw new Error('It was serialized.');
}

describe.each(Object.entries(puppies))('A schema of %s', (vendor, schema) => {
  it.each([
    ['what it declares', rex],
    ['nothing that it leaves out', { ...rex, password: 'hunter2' }],
    [
      'the JSON form of what it does not take as it is',
      { ...rex, id: new ObjectId('65f0'), tags: [new ObjectId('small')] },
    ],
  ])('sends %s', async (_, value) => {
    expect(JSON.parse(await compileSchema(schema).serialize(value))).toEqual(sent);
  });

  it('does not change the value', async () => {
    const value = Object.freeze({ ...rex, tags: Object.freeze(['small']), password: 'hunter2' });
    expect(JSON.parse(await compileSchema(schema).serialize(value))).toEqual(sent);
    const open = { ...rex, password: 'hunter2' };
    await compileSchema(schema).serialize(open);
    expect(open.password).toBe('hunter2');
  });

  it('reads getters of a class, with its private fields', async () => {
    const failure = await failureOf(schema, Object.assign(new PuppyEntity(), { tags: 1 }));
    expect(failure.violations.map(({ path }) => path)).toEqual(['$.tags']);
  });

  it('returns synchronously', () => {
    expect(compileSchema(schema).serialize(rex)).toBeTypeOf('string');
  });

  it('names each path that does not match, without the value', async () => {
    const failure = await failureOf(schema, {
      ...rex,
      name: 4711,
      age: -4712,
      tags: ['a', { secret: 'hunter2' }],
    });
    expect(failure.violations.map(({ path }) => path).toSorted()).toEqual([
      '$.age',
      '$.name',
      '$.tags[1]',
    ]);
    expect(failure.message).toContain(`does not conform to ${vendor} schema`);
    expect(failure.message).not.toMatch(/4711|4712|hunter2|secret/);
  });

  it('reports what it would change in an unvalidated value', async () => {
    const compiled = compileSchema(schema);
    const value = { ...rex, password: 'hunter2' };
    expect(await compiled.inspect(value, JSON.stringify(value))).toEqual([
      { path: '$.password', message: 'is not declared, and would be left out' },
    ]);
    expect((await compiled.inspect({ ...rex, age: 0 }, '{}')).map(({ path }) => path)).toEqual([
      '$.age',
    ]);
    expect(await compiled.inspect(rex, JSON.stringify(rex))).toEqual([]);
  });
});

describe('A Standard Schema', () => {
  const document = {
    name: 'hidden',
    toJSON: () => ({ name: 'Rex', age: 3, password: 'hunter2' }),
  };

  it.each<[string, StandardSchemaV1, unknown, string]>([
    [
      'its own output',
      z.object({ name: z.string().transform((name) => name.length) }),
      { name: 'Rex' },
      '{"name":3}',
    ],
    ['a default of its own', z.object({ age: z.number().default(1) }), {}, '{"age":1}'],
    [
      'getters of a class (zod)',
      z.object({ name: z.string(), age: z.number() }),
      new PuppyEntity(),
      '{"name":"Rex","age":3}',
    ],
    [
      'getters of a class (valibot)',
      v.object({ name: v.string(), age: v.number() }),
      new PuppyEntity(),
      '{"name":"Rex","age":3}',
    ],
    [
      'the JSON form of a document',
      z.object({ name: z.string(), age: z.number() }),
      document,
      '{"name":"Rex","age":3}',
    ],
    [
      'the JSON form of what an option takes',
      z.array(z.union([z.null(), z.object({ id: z.string() })])),
      [{ id: new ObjectId('1') }],
      '[{"id":"1"}]',
    ],
    [
      'all digits of a BigInt',
      z.object({ id: z.int64() }),
      { id: 2n ** 63n - 1n },
      '{"id":9223372036854775807}',
    ],
    ['null for nothing', z.undefined(), undefined, 'null'],
    ['null for what JSON does not write', z.any(), () => 1, 'null'],
  ])('sends %s', (_, schema, value, text) => {
    expect(compileSchema(schema).serialize(value)).toBe(text);
  });

  it.each<[string, StandardSchemaV1]>([
    ['zod', z.object({ name: z.string() }).refine(async () => true)],
    [
      'valibot',
      v.objectAsync({
        name: v.pipeAsync(
          v.string(),
          v.checkAsync(async () => true),
        ),
      }),
    ],
  ])('returns a promise if %s does', async (_, schema) => {
    const answer = compileSchema(schema).serialize({ name: 'Rex', x: 1 });
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe('{"name":"Rex"}');
    const failure = await failureOf(schema, { name: 1 });
    expect(failure.violations.map(({ path }) => path)).toEqual(['$.name']);
    expect(
      await compileSchema(schema).inspect({ name: 'Rex', x: 1 }, '{"name":"Rex","x":1}'),
    ).toEqual([{ path: '$.x', message: 'is not declared, and would be left out' }]);
  });

  it.each<[string, StandardSchemaV1, unknown, string]>([
    [
      'zod',
      z.object({ age: z.number().min(18) }),
      { age: 17 },
      '$.age Too small: expected number to be >=18',
    ],
    [
      "a message of one's own",
      z.object({
        name: z
          .string()
          .refine(() => false, { error: ({ input }) => `no such puppy: ${JSON.stringify(input)}` }),
      }),
      { name: 'Rex' },
      '$.name does not conform',
    ],
    [
      'valibot',
      v.object({ email: v.pipe(v.string(), v.email()) }),
      { email: 'rex' },
      '$.email Invalid email',
    ],
    [
      'arktype',
      type({ dog: { email: 'string.email' } }),
      { dog: { email: 'rex' } },
      '$.dog.email must be an email address',
    ],
    ['the whole', z.string(), 1, '$ Invalid input: expected string, received number'],
  ])('reports the problem without the value: %s', async (_, schema, value, line) => {
    const failure = await failureOf(schema, value);
    expect(failure.message.split('\n  ').slice(1)).toEqual([line]);
  });

  it('reports where its output contains itself', async () => {
    const value: Record<string, unknown> = { name: 'Rex' };
    value.self = [value];
    const failure = await failureOf(z.any(), value);
    expect(failure.violations).toEqual([
      { path: '$.self[0]', message: 'is circular: it is $ again' },
    ]);
  });

  it('must have a validate function', () => {
    const describing = { '~standard': { version: 1, vendor: 'x', jsonSchema: {} } };
    expect(() => compileSchema(Object(describing))).toThrow(
      'The schema of x schema cannot be compiled: It describes values, but has no "validate" function.',
    );
  });

  it('passes on errors that the schema throws', async () => {
    const broken = z.any().refine(() => {
      throw new RangeError('broken rule');
    });
    await expect(async () => compileSchema(broken).serialize(1)).rejects.toThrow('broken rule');
  });
});
