import type { Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHideProperty,
  ApiProperty,
  ApiPropertyOptional,
  ApiSchema,
  getSchemaPath,
  IntersectionType,
  OmitType,
  PartialType,
  PickType,
} from '@nestjs/swagger';
import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { compileSchema } from './compile-schema.js';
import type { SchemaSource } from './compile-schema.js';
import { SchemaCache } from './schema-cache.js';
import { SerializationException } from './serialization.exception.js';
import type { Violation } from './violation.js';

enum Breed {
  Corgi = 'corgi',
  Beagle = 'beagle',
}

enum Size {
  Small,
  Large,
}

class Owner {
  @ApiProperty()
  name!: string;
}

class Puppy {
  @ApiProperty()
  name!: string;

  @ApiProperty({ minimum: 0, maximum: 20 })
  age!: number;

  @ApiHideProperty()
  password?: string;
}

class Registered extends Puppy {
  @ApiProperty({ type: 'integer' })
  number!: number;
}

class Litter {
  @ApiProperty({ type: Owner })
  owner!: Owner;

  @ApiProperty({ type: [Puppy] })
  puppies!: Puppy[];
}

class Person {
  @ApiProperty()
  name!: string;

  @ApiPropertyOptional({ type: () => Person, nullable: true })
  mother?: Person | null;

  @ApiPropertyOptional({ type: () => [Person] })
  children?: Person[];
}

class Maps {
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'number' } })
  ages?: Record<string, number>;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { $ref: getSchemaPath(Owner) } })
  owners?: Record<string, Owner>;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  anything?: Record<string, unknown>;

  @ApiPropertyOptional()
  free?: object;
}
ApiExtraModels(Owner)(Maps);

class Enums {
  @ApiPropertyOptional({ enum: Breed })
  breed?: Breed;

  @ApiPropertyOptional({ enum: Size })
  size?: Size;

  @ApiPropertyOptional({ enum: Breed, isArray: true })
  breeds?: Breed[];

  @ApiPropertyOptional({ enum: Breed, enumName: 'Breed', nullable: true })
  named?: Breed | null;
}

class Cat {
  @ApiProperty({ enum: ['cat'] })
  kind!: 'cat';

  @ApiProperty()
  lives!: number;

  @ApiPropertyOptional()
  toy?: string;
}

class Dog {
  @ApiProperty({ enum: ['dog'] })
  kind!: 'dog';

  @ApiProperty()
  tricks!: string;

  @ApiPropertyOptional({ type: Owner })
  owner?: Owner;
}

@ApiSchema({ name: 'NamedPet' })
class Pet {
  @ApiProperty()
  type!: string;

  @ApiProperty()
  legs!: number;
}

@ApiExtraModels(Cat, Dog, Pet)
class Zoo {
  @ApiPropertyOptional({
    oneOf: [{ $ref: getSchemaPath(Cat) }, { $ref: getSchemaPath(Dog) }],
    discriminator: { propertyName: 'kind' },
  })
  tagged?: Cat | Dog;

  @ApiPropertyOptional({
    oneOf: [{ $ref: getSchemaPath('NamedPet') }, { $ref: getSchemaPath(Owner) }],
    discriminator: {
      propertyName: 'type',
      mapping: { pet: getSchemaPath('NamedPet'), master: 'Owner' },
    },
  })
  mapped?: object;

  @ApiPropertyOptional({ oneOf: [{ $ref: getSchemaPath(Cat) }, { $ref: getSchemaPath(Dog) }] })
  oneOf?: Cat | Dog;

  @ApiPropertyOptional({
    type: 'array',
    items: { anyOf: [{ $ref: getSchemaPath(Cat) }, { $ref: getSchemaPath(Dog) }] },
  })
  anyOf?: (Cat | Dog)[];

  @ApiPropertyOptional({ allOf: [{ $ref: getSchemaPath(Cat) }, { $ref: getSchemaPath(Owner) }] })
  allOf?: Cat & Owner;
}
ApiExtraModels(Owner)(Zoo);

class Formats {
  @ApiPropertyOptional()
  at?: Date;

  @ApiPropertyOptional({ type: String, format: 'date' })
  day?: Date | string;

  @ApiPropertyOptional({ type: Date, nullable: true })
  maybe?: Date | null;

  @ApiPropertyOptional({ format: 'email' })
  email?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  id?: string;

  @ApiPropertyOptional({ format: 'no-such-format' })
  unknown?: string;

  @ApiPropertyOptional({ type: 'string', format: 'byte' })
  bytes?: Uint8Array;

  @ApiPropertyOptional({ type: 'string', format: 'binary' })
  binary?: Uint8Array;

  @ApiPropertyOptional({ pattern: '^[a-z\\-]+$' })
  slug?: string;
}

class Numbers {
  @ApiPropertyOptional()
  any?: number;

  @ApiPropertyOptional({ type: 'integer', format: 'int32' })
  int32?: number;

  @ApiPropertyOptional()
  int64?: bigint;

  @ApiPropertyOptional({ minimum: 0, exclusiveMinimum: true, maximum: 1 })
  share?: number;

  @ApiPropertyOptional({ multipleOf: 5 })
  step?: number;

  @ApiPropertyOptional({ multipleOf: 0.01 })
  price?: number;

  @ApiPropertyOptional({ type: Number, nullable: true })
  maybe?: number | null;
}

class Loose {
  @ApiPropertyOptional({ type: Object })
  any?: unknown;

  @ApiPropertyOptional({ type: [Object] })
  anys?: unknown[];

  @ApiPropertyOptional({ type: 'array', items: { type: 'array', items: { type: 'number' } } })
  matrix?: Iterable<number>[];
}

class Defaults {
  @ApiPropertyOptional({ default: 10 })
  limit?: number;

  @ApiProperty({ type: [String], default: ['new'] })
  tags!: string[];

  @ApiPropertyOptional({ type: String, nullable: true, default: 'none' })
  note?: string | null;

  @ApiPropertyOptional({ type: String, default: null })
  sloppy?: string;
}

class PartialPuppy extends PartialType(Registered) {}
class PickedPuppy extends PickType(Registered, ['name']) {}
class OmittedPuppy extends OmitType(Registered, ['age']) {}
class OwnedPuppy extends IntersectionType(PickedPuppy, OmitType(Litter, ['puppies'])) {}

class Secret {
  @ApiPropertyOptional({ writeOnly: true })
  password?: string;

  @ApiProperty()
  user!: string;
}

class PuppyEntity {
  readonly #born = 2020;
  readonly password = 'hunter2';

  constructor(readonly name: string) {}

  get age(): number {
    return 2023 - this.#born;
  }

  bark(): string {
    return 'woof';
  }
}

class Decimal {
  constructor(private readonly digits: string) {}

  toJSON(): string {
    return this.digits;
  }
}

class ActiveRecord {
  readonly fields = { name: 'Rex', age: 3, password: 'hunter2' };

  toJSON(): object {
    return this.fields;
  }
}

const rex = { name: 'Rex', age: 3 };
const ann = { name: 'Ann' };
const nested = (): object => ({
  owner: { ...ann, password: 'x' },
  puppies: [{ ...rex, password: 'x' }],
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

const schemas = new SchemaCache();

async function sentOf(source: SchemaSource, value: unknown): Promise<unknown> {
  return JSON.parse(await schemas.of(source).serialize(value));
}

async function violationsOf(source: SchemaSource, value: unknown): Promise<readonly Violation[]> {
  try {
    await schemas.of(source).serialize(value);
  } catch (error) {
    if (error instanceof SerializationException) {
      return error.violations;
    }
    throw error;
  }
  return [];
}

describe('A DTO class', () => {
  it.each<[string, SchemaSource, unknown, unknown]>([
    ['properties in their declared order', Puppy, { age: 3, name: 'Rex' }, rex],
    ['no property that is not declared', Puppy, { ...rex, secret: 1 }, rex],
    ['no property hidden by @ApiHideProperty()', Puppy, { ...rex, password: 'hunter2' }, rex],
    ['no writeOnly property', Secret, { user: 'Ann', password: 'hunter2' }, { user: 'Ann' }],
    ['inherited properties', Registered, { ...rex, number: 7 }, { ...rex, number: 7 }],
    ['nested objects and arrays', Litter, nested(), { owner: ann, puppies: [rex] }],
    ['a list of a class', [Puppy], [rex, { ...rex, x: 1 }], [rex, rex]],
    ['a list of a built-in type', [String], ['a', 'b'], ['a', 'b']],
    ['a built-in type', Date, new Date(0), '1970-01-01T00:00:00.000Z'],
    [
      'a recursive type',
      Person,
      { ...ann, mother: { ...ann, mother: null, x: 1 }, children: [{ ...ann, x: 1 }] },
      { ...ann, mother: { ...ann, mother: null }, children: [ann] },
    ],
    ['a class named by @ApiSchema()', Pet, { type: 'a', legs: 4, x: 1 }, { type: 'a', legs: 4 }],
    [
      'a list of a class named by @ApiSchema()',
      [Pet],
      [{ type: 'a', legs: 4, x: 1 }],
      [{ type: 'a', legs: 4 }],
    ],
    ['no undefined property', Person, { ...ann, mother: undefined }, ann],
    ['a partial type', PartialPuppy, { name: 'Rex', x: 1 }, { name: 'Rex' }],
    ['a picked type', PickedPuppy, { ...rex, number: 1 }, { name: 'Rex' }],
    ['an omitted type', OmittedPuppy, { ...rex, number: 1 }, { name: 'Rex', number: 1 }],
    [
      'an intersection type',
      OwnedPuppy,
      { ...rex, owner: { ...ann, x: 1 } },
      { name: 'Rex', owner: ann },
    ],
    ['a map', Maps, { ages: { Rex: 3, Ann: 40 } }, { ages: { Rex: 3, Ann: 40 } }],
    ['a map of objects', Maps, { owners: { a: { ...ann, x: 1 } } }, { owners: { a: ann } }],
    [
      'a map of anything',
      Maps,
      { anything: { a: { b: [1, { c: null }] } } },
      { anything: { a: { b: [1, { c: null }] } } },
    ],
    ['an object that declares nothing as it is', Maps, { free: { a: [1] } }, { free: { a: [1] } }],
    [
      'enums',
      Enums,
      { breed: 'corgi', size: 1, breeds: ['beagle'], named: 'corgi' },
      { breed: 'corgi', size: 1, breeds: ['beagle'], named: 'corgi' },
    ],
    ['a nullable enum', Enums, { named: null }, { named: null }],
    [
      'the option that a discriminator names',
      Zoo,
      { tagged: { kind: 'dog', tricks: 'roll', lives: 9, owner: { ...ann, x: 1 } } },
      { tagged: { kind: 'dog', tricks: 'roll', owner: ann } },
    ],
    [
      'the option that a mapping names',
      Zoo,
      { mapped: { type: 'pet', legs: 4, name: 'x' } },
      { mapped: { type: 'pet', legs: 4 } },
    ],
    [
      'the option that a mapping names by component',
      Zoo,
      { mapped: { type: 'master', legs: 4, name: 'x' } },
      { mapped: { name: 'x', type: 'master' } },
    ],
    [
      'the option of oneOf that holds',
      Zoo,
      { oneOf: { kind: 'cat', lives: 9, tricks: 'x', owner: ann } },
      { oneOf: { kind: 'cat', lives: 9 } },
    ],
    [
      'the option of anyOf that holds',
      Zoo,
      {
        anyOf: [
          { kind: 'cat', lives: 9, owner: 1 },
          { kind: 'dog', tricks: 'x', toy: 'y' },
        ],
      },
      {
        anyOf: [
          { kind: 'cat', lives: 9 },
          { kind: 'dog', tricks: 'x' },
        ],
      },
    ],
    [
      'all of allOf',
      Zoo,
      { allOf: { kind: 'cat', lives: 9, ...ann, x: 1 } },
      { allOf: { kind: 'cat', lives: 9, ...ann } },
    ],
    [
      'a Date as an instant',
      Formats,
      { at: new Date(Date.UTC(2020, 1, 29)) },
      { at: '2020-02-29T00:00:00.000Z' },
    ],
    [
      'a Date as a day, in UTC',
      Formats,
      { day: new Date(Date.UTC(2020, 1, 29, 23)) },
      { day: '2020-02-29' },
    ],
    ['a day that is a string', Formats, { day: '2020-02-29' }, { day: '2020-02-29' }],
    ['null for a nullable Date', Formats, { maybe: null }, { maybe: null }],
    [
      'formats',
      Formats,
      { email: 'a@b.c', id: '123e4567-e89b-12d3-a456-426614174000', slug: 'a-b' },
      { email: 'a@b.c', id: '123e4567-e89b-12d3-a456-426614174000', slug: 'a-b' },
    ],
    ['an unknown format', Formats, { unknown: 'x' }, { unknown: 'x' }],
    [
      'bytes as base64',
      Formats,
      { bytes: Buffer.from('hello'), binary: new Uint8Array([104, 105]) },
      { bytes: 'aGVsbG8=', binary: 'aGk=' },
    ],
    [
      'numbers within their bounds',
      Numbers,
      { any: 1.5, int32: -7, share: 1, step: 15, maybe: null },
      { any: 1.5, int32: -7, share: 1, step: 15, maybe: null },
    ],
    ['what is absent by its default', Defaults, {}, { limit: 10, tags: ['new'], note: 'none' }],
    [
      'no default for what is there',
      Defaults,
      { limit: 0, tags: [], note: null, sloppy: '' },
      { limit: 0, tags: [], note: null, sloppy: '' },
    ],
    ['getters of a class', Puppy, new PuppyEntity('Rex'), rex],
    ['what toJSON() gives', Puppy, new ActiveRecord(), rex],
    ['what toJSON() gives of a part', Owner, { name: new Decimal('12.50') }, { name: '12.50' }],
    ['boxed primitives', Owner, { name: Object('Ann') }, ann],
    [
      'the digits of a BigInt as a string',
      Owner,
      { name: 2n ** 64n },
      { name: '18446744073709551616' },
    ],
    ['a price in cents', Numbers, { price: 143.48 }, { price: 143.48 }],
    [
      'a Set as a list',
      Litter,
      { owner: ann, puppies: new Set([rex]) },
      { owner: ann, puppies: [rex] },
    ],
    [
      'a Map as an object',
      Litter,
      { owner: new Map([['name', 'Ann']]), puppies: [] },
      { owner: ann, puppies: [] },
    ],
    ['a Map as a map', Maps, { ages: new Map([['Rex', 3]]) }, { ages: { Rex: 3 } }],
    [
      'a Map of objects as a map',
      Maps,
      { owners: new Map([[1, { ...ann, x: 1 }]]) },
      { owners: { 1: ann } },
    ],
    [
      'typed arrays as lists',
      Loose,
      { matrix: [new Float32Array([1, 2.5])] },
      { matrix: [[1, 2.5]] },
    ],
    [
      'collections where nothing is declared',
      Maps,
      { free: [new Set([1]), new Map([['a', 1]]), new Uint8Array([7])] },
      { free: [[1], { a: 1 }, [7]] },
    ],
    ...[['a'], 1, 'a', null, true, { a: 1 }].map(
      (value): [string, SchemaSource, unknown, unknown] => [
        `${JSON.stringify(value)} as type: Object`,
        Loose,
        { any: value, anys: [value] },
        { any: value, anys: [value] },
      ],
    ),
    ['an object without prototype', Owner, Object.assign(Object.create(null), ann, { x: 1 }), ann],
  ])('sends %s', async (_, type, value, sent) => {
    await expect(sentOf(type, value)).resolves.toEqual(sent);
  });
});

describe('Content that does not match', () => {
  const circular: Record<string, unknown> = { ...ann };
  circular.mother = { ...ann, children: [ann, circular] };
  let deep: object = ann;
  for (let depth = 0; depth < 2000; depth++) {
    deep = { ...ann, mother: deep };
  }
  const at = (path: string, message: string): Violation => ({ path, message });

  it.each<[string, SchemaSource, unknown, Violation[]]>([
    ['another type', Puppy, { ...rex, age: '3' }, [at('$.age', 'must be number')]],
    ['a missing property', Puppy, { name: 'Rex' }, [at('$.age', 'is required')]],
    ['nothing', Puppy, undefined, [at('$', 'must be object')]],
    ['null', Puppy, null, [at('$', 'must be object')]],
    ['a function', Puppy, () => rex, [at('$', 'must be object')]],
    [
      'a method in place of a property',
      Person,
      { name: () => 'Ann' },
      [at('$.name', 'is required')],
    ],
    ['an object in place of a list', [Puppy], rex, [at('$', 'must be array')]],
    ['a list in place of an object', Puppy, [rex], [at('$', 'must be object')]],
    ['an object in place of a string', Owner, { name: ann }, [at('$.name', 'must be string')]],
    [
      'every item that is wrong',
      [Puppy],
      [rex, {}, { ...rex, age: 21 }],
      [
        at('$[1].name', 'is required'),
        at('$[1].age', 'is required'),
        at('$[2].age', 'must be <= 20'),
      ],
    ],
    ['undefined in a list', [Puppy], [undefined], [at('$[0]', 'must be object')]],
    ['a nested property', Litter, { owner: {}, puppies: [] }, [at('$.owner.name', 'is required')]],
    [
      'a value of a map',
      Maps,
      { ages: { 'Rex the 1st': 'old' } },
      [at('$.ages["Rex the 1st"]', 'must be number')],
    ],
    [
      'no member of an enum',
      Enums,
      { breed: 'poodle' },
      [at('$.breed', 'must be equal to one of the allowed values')],
    ],
    ['null that is not declared', Formats, { at: null }, [at('$.at', 'must be string')]],
    ['an invalid Date', Formats, { at: new Date(NaN) }, [at('$.at', 'must be string')]],
    ['an invalid Date as a day', Formats, { day: new Date(NaN) }, [at('$.day', 'must be string')]],
    [
      'a Date in place of an object',
      Litter,
      { owner: new Date(0), puppies: [] },
      [at('$.owner', 'must be object')],
    ],
    [
      'a day without end of month',
      Formats,
      { day: '2020-04-31' },
      [at('$.day', 'must match format "date"')],
    ],
    [
      'an instant without time zone',
      Formats,
      { at: '2020-04-30T10:00:00' },
      [at('$.at', 'must match format "date-time"')],
    ],
    ['no e-mail address', Formats, { email: 'x' }, [at('$.email', 'must match format "email"')]],
    ['another pattern', Formats, { slug: 'A' }, [at('$.slug', 'must match pattern "^[a-z\\-]+$"')]],
    [
      'NaN, also where null is allowed',
      Numbers,
      { any: NaN, maybe: NaN },
      [at('$.any', 'must be number'), at('$.maybe', 'must be number')],
    ],
    ['infinity', Numbers, { any: Infinity }, [at('$.any', 'must be number')]],
    [
      'a fraction in place of an integer',
      Registered,
      { ...rex, number: 1.5 },
      [at('$.number', 'must be integer')],
    ],
    [
      'more than an int32',
      Numbers,
      { int32: 2 ** 31 },
      [at('$.int32', 'must match format "int32"')],
    ],
    [
      'more than an int64',
      Numbers,
      { int64: 2n ** 63n },
      [at('$.int64', 'must match format "int64"')],
    ],
    ['a tenth of a cent', Numbers, { price: 8.695 }, [at('$.price', 'must be multiple of 0.01')]],
    [
      'a Promise, as of a lazy relation',
      Litter,
      { owner: Promise.resolve(ann), puppies: [] },
      [at('$.owner', 'is a Promise. Await it before it is sent.')],
    ],
    [
      'a Promise where nothing is declared',
      Maps,
      { free: { later: [Promise.resolve(1)] } },
      [at('$.free.later[0]', 'is a Promise. Await it before it is sent.')],
    ],
    [
      'an Error where nothing is declared',
      Maps,
      { anything: { failure: new Error('lost') } },
      [
        at(
          '$.anything.failure',
          'is a value of the type Error, which has no JSON form. Send an object or an array instead.',
        ),
      ],
    ],
    [
      'a Map whose keys are objects',
      Maps,
      { ages: new Map([[rex, 3]]) },
      [at('$.ages', 'is a Map with keys that are not strings. Use strings or numbers as keys.')],
    ],
    [
      'a Map in place of a list',
      Litter,
      { owner: ann, puppies: new Map() },
      [at('$.puppies', 'must be array')],
    ],
    [
      'a Set in place of an object',
      Litter,
      { owner: new Set(), puppies: [] },
      [at('$.owner', 'must be object')],
    ],
    ['an excluded minimum', Numbers, { share: 0 }, [at('$.share', 'must be > 0')]],
    ['no multiple', Numbers, { step: 7 }, [at('$.step', 'must be multiple of 5')]],
    [
      'an unknown tag',
      Zoo,
      { tagged: { kind: 'cow' } },
      [at('$.tagged.kind', 'must be equal to one of the allowed values')],
    ],
    ['no tag', Zoo, { tagged: { lives: 9 } }, [at('$.tagged.kind', 'is required')]],
    [
      'a tagged object, in the option of its tag alone',
      Zoo,
      { tagged: { kind: 'cat', tricks: 'x' } },
      [at('$.tagged.lives', 'is required')],
    ],
    ['what toJSON() gives', Owner, { name: new ActiveRecord() }, [at('$.name', 'must be string')]],
    [
      'a circular object',
      Person,
      circular,
      [at('$.mother.children[1]', 'is circular: it is $ again')],
    ],
    [
      'a value in an envelope',
      [Puppy],
      { data: [rex], total: 1 },
      [
        at(
          '$.data',
          'fits better than the whole: if an interceptor wraps it, declare the envelope',
        ),
      ],
    ],
    ['an endless object', Person, deep, [at('$', 'is nested deeper than 1000 levels')]],
  ])('is rejected: %s', async (_, type, value, violations) => {
    await expect(violationsOf(type, value)).resolves.toEqual(violations);
  });

  it('is reported with its type and paths, without the value', () => {
    const serialize = (): unknown =>
      compileSchema([Puppy]).serialize([{ name: 'hunter2', age: 'hunter3' }]);
    expect(serialize).toThrow(
      new SerializationException('Puppy[]', [{ path: '$[0].age', message: 'must be number' }]),
    );
    expect(serialize).toThrow(
      'The content does not conform to Puppy[]. Send what is declared, or declare what is sent:\n  $[0].age must be number',
    );
  });
});

describe('A value', () => {
  it.each<[string, SchemaSource, unknown]>([
    ['a DTO', Litter, nested()],
    [
      'a union',
      Zoo,
      {
        tagged: { kind: 'dog', tricks: 'roll', lives: 9 },
        anyOf: [{ kind: 'cat', lives: 9, toy: 'x' }],
      },
    ],
    ['defaults', Defaults, {}],
    ['a violation', Zoo, { tagged: { kind: 'dog' } }],
  ])('is not changed: %s', async (_, type, value) => {
    const before = JSON.stringify(value);
    await violationsOf(type, deepFreeze(value));
    expect(JSON.stringify(value)).toBe(before);
  });

  it('is read once, so that the checked value is sent', () => {
    let reads = 0;
    const value = {
      get name(): unknown {
        return ++reads === 1 ? 'Ann' : 42;
      },
    };
    expect(compileSchema(Owner).serialize(value)).toBe('{"name":"Ann"}');
    expect(reads).toBe(1);
  });

  it('passes on the error of a getter', () => {
    const value = {
      get name(): string {
        throw new RangeError('no connection');
      },
    };
    expect(() => compileSchema(Owner).serialize(value)).toThrow(new RangeError('no connection'));
  });

  it('is written with all digits of a BigInt', () => {
    const schema = compileSchema([Numbers]);
    expect(
      schema.serialize([{ int64: 2n ** 63n - 1n }, { int64: -(2n ** 63n) }, { int64: 7n }]),
    ).toBe('[{"int64":9223372036854775807},{"int64":-9223372036854775808},{"int64":7}]');
  });

  it('is written synchronously', () => {
    expect(compileSchema(Owner).serialize(ann)).toBe('{"name":"Ann"}');
  });
});

describe('An unvalidated value', () => {
  const inspect = (source: SchemaSource, value: unknown): unknown =>
    schemas.of(source).inspect(value, JSON.stringify(value));

  it.each<[string, SchemaSource, unknown, Violation[]]>([
    ['nothing for a matching value', [Puppy], [rex, rex], []],
    [
      'what is refused, once for all items',
      [Puppy],
      [rex, { ...rex, age: '3' }, { ...rex, age: null }],
      [{ path: '$[*].age', message: 'must be number' }],
    ],
    [
      'what would be left out',
      [Litter],
      [nested(), nested()],
      [
        { path: '$[*].owner.password', message: 'is not declared, and would be left out' },
        { path: '$[*].puppies[*].password', message: 'is not declared, and would be left out' },
      ],
    ],
    [
      'both',
      Puppy,
      { name: 'Rex', password: 'x' },
      [
        { path: '$.age', message: 'is required' },
        { path: '$.password', message: 'is not declared, and would be left out' },
      ],
    ],
    [
      'what only another option of a union declares',
      Zoo,
      { tagged: { kind: 'cat', lives: 9, tricks: 'x' } },
      [{ path: '$.tagged.tricks', message: 'is not declared, and would be left out' }],
    ],
    [
      'what would be added',
      Defaults,
      { limit: 1, tags: [] },
      [{ path: '$.note', message: 'is declared, and would be added' }],
    ],
    [
      'getters that would be added',
      Puppy,
      new PuppyEntity('Rex'),
      [
        { path: '$.password', message: 'is not declared, and would be left out' },
        { path: '$.age', message: 'is declared, and would be added' },
      ],
    ],
    [
      'what would be written otherwise',
      Formats,
      { day: new Date(0) },
      [{ path: '$.day', message: 'would be written otherwise' }],
    ],
    [
      'nothing of a type that the document refuses twice',
      Puppy,
      [],
      [{ path: '$', message: 'must be object' }],
    ],
  ])('is inspected: %s', (_, source, value, findings) => {
    expect(inspect(source, value)).toEqual(findings);
  });

  it('is reported as circular if another serializer wrote it', () => {
    const circular: Record<string, unknown> = { ...ann };
    circular.mother = circular;
    expect(compileSchema(Person).inspect(circular, '{}')).toEqual([
      { path: '$.mother', message: 'is circular: it is $ again' },
    ]);
  });
});

describe('A chain of 300 classes', () => {
  it('is serialized and validated to its end', () => {
    class Last {
      @ApiProperty()
      name!: string;
    }
    const chain = Array.from({ length: 300 }).reduce<Type>((inner, _, index) => {
      const outer = { [`Link${index}`]: class {} }[`Link${index}`] as Type;
      ApiProperty({ type: () => inner })(outer.prototype as object, 'next');
      return outer;
    }, Last);
    const valueOf = (last: object) =>
      Array.from({ length: 300 }).reduce<object>((next) => ({ next }), last);
    const schema = compileSchema(chain);
    expect(schema.serialize(valueOf({ name: 'Rex', chip: 7 }))).toBe(
      JSON.stringify(valueOf({ name: 'Rex' })),
    );
    expect(() => schema.serialize(valueOf({ name: 7 }))).toThrow('.next.name must be string');
  });
});

class Cell {
  @ApiProperty()
  value!: number;
}

describe('A class that cannot be compiled', () => {
  it('is named in the error', () => {
    class Broken {
      @ApiProperty({ oneOf: [{ $ref: getSchemaPath('Ghost') }] })
      ghost!: object;
    }
    expect(() => compileSchema([Broken])).toThrow(
      'The schema of Broken[] cannot be compiled: "$ref": "#/components/schemas/Ghost" has no target.',
    );
  });

  it('can refer to given components', () => {
    class Kennel {
      @ApiProperty({ allOf: [{ $ref: '#/components/schemas/Given' }] })
      owner!: object;
    }
    const schema = compileSchema(Kennel, (name) =>
      name === 'Given' ? { type: 'object', properties: { name: { type: 'string' } } } : undefined,
    );
    expect(schema.serialize({ owner: { ...ann, x: 1 } })).toBe('{"owner":{"name":"Ann"}}');
  });

  it.each<[string, object, string]>([
    [
      'date',
      { type: 'date' },
      "has the type \"date\", which JSON Schema does not have. Declare { type: 'string', format: 'date' }.",
    ],
    ['uuid', { type: 'uuid' }, "Declare { type: 'string', format: 'uuid' }."],
    ['any', { type: 'any' }, 'Declare { type: Object }.'],
    ['float', { type: 'float' }, "Declare { type: 'number' }."],
    ['file', { type: 'file' }, "Declare { type: 'string', format: 'binary' }."],
    ['String', { type: 'String' }, "Declare { type: 'string' }."],
    [
      'a length that is a string',
      { type: 'string', maxLength: '5' },
      'has the maxLength "5". Declare a number.',
    ],
    [
      '[[Class]]',
      { type: [[Cell]] },
      'Declare a list of lists by a function: type: () => [[Class]].',
    ],
    [
      '[Class] and isArray',
      { type: [Cell], isArray: true },
      'Declare a list of lists by a function: type: () => [[Class]].',
    ],
    [
      '[[[Class]]]',
      { type: [[[Cell]]] },
      'Declare a list of lists by a function: type: () => [[[Cell]]].',
    ],
    [
      '[[String]] and isArray',
      { type: [[String]], isArray: true },
      'Declare a list of lists by a function: type: () => [[[String]]].',
    ],
    [
      '[[Date]]',
      { type: [[Date]] },
      'Declare a list of lists by a function: type: () => [[Date]].',
    ],
    ['an empty enum', { enum: [] }, 'has the enum []. List its values, or leave the keyword out.'],
  ])('is named with the property and the fix: %s', (_, options, message) => {
    class Kennel {
      @ApiProperty()
      name!: string;
    }
    ApiProperty(options as object)(Kennel.prototype, 'dog');
    const compile = () => compileSchema([Kennel]);
    expect(compile).toThrow(
      /^The schema of Kennel\[\] cannot be compiled: Kennel\.dog(?:\[\])* has (?!.*native code)/,
    );
    expect(compile).toThrow(message);
  });

  it.each([
    ['() => [[Class]]', { type: () => [[Cell]] }, [[{ value: 1 }]]],
    ['() => [[[Class]]]', { type: () => [[[Cell]]] }, [[[{ value: 1 }]]]],
    ['() => [Class] and isArray', { type: () => [Cell], isArray: true }, [[{ value: 1 }]]],
    ['() => [[Date]]', { type: () => [[Date]] }, [['2026-01-01T00:00:00.000Z']]],
    ['[[Number]]', { type: [[Number]] }, [[1]]],
    ['[Number] and isArray', { type: [Number], isArray: true }, [[1]]],
    [
      'items of items',
      { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      [[1]],
    ],
  ])('can have a property of lists of lists: %s', (_, options, cells) => {
    class Grid {}
    ApiProperty(options as object)(Grid.prototype, 'cells');
    expect(compileSchema(Grid).project({ cells })).toEqual({ cells });
    expect(() => compileSchema(Grid).project({ cells: cells[0] })).toThrow('must be array');
  });

  it('can have "required: true" in the schema of a property, as written by swagger\'s plugin', () => {
    class Grid {
      static _OPENAPI_METADATA_FACTORY() {
        return { cells: { required: true, type: () => [[Number]] } };
      }
    }
    expect(compileSchema(Grid).serialize({ cells: [[1], []] })).toBe('{"cells":[[1],[]]}');
  });
});
