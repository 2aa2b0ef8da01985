import { ClassSerializerInterceptor, Controller, Get, type Type } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  ApiPropertyOptional,
  ApiSchema,
  getSchemaPath,
  IntersectionType,
  OmitType,
  PartialType,
  PickType,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { Exclude, Expose, Transform } from 'class-transformer';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../support/platforms.js';

enum Breed {
  Corgi = 'corgi',
  Beagle = 'beagle',
}

class Animal {
  @ApiProperty({ type: 'integer' })
  id!: number;
}

class Puppy extends Animal {
  @ApiProperty()
  name!: string;

  @ApiPropertyOptional({ enum: Breed, enumName: 'Breed' })
  breed?: Breed;
}

class UpdatePuppy extends PartialType(OmitType(Puppy, ['id'])) {}
class NamedPuppy extends PickType(Puppy, ['name']) {}
class Tagged {
  @ApiProperty({ type: [String] })
  tags!: string[];
}
class TaggedPuppy extends IntersectionType(Puppy, Tagged) {}

class Page {
  @ApiProperty()
  total!: number;
}

@ApiSchema({ name: 'PublicOwner' })
class Owner {
  @ApiProperty()
  name!: string;

  @ApiPropertyOptional({ type: () => [Pet] })
  pets?: Pet[];
}

class Pet {
  @ApiProperty()
  name!: string;

  @ApiPropertyOptional({ type: () => Owner, nullable: true })
  owner?: Owner | null;
}

@ApiExtraModels(Puppy, Owner)
class Shelter {
  @ApiPropertyOptional({
    oneOf: [{ $ref: getSchemaPath(Puppy) }, { $ref: getSchemaPath('PublicOwner') }],
    nullable: true,
  })
  oneOf?: object | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(Puppy) },
  })
  byName?: unknown;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'number' } })
  counts?: unknown;

  @ApiPropertyOptional({ type: String })
  price?: unknown;

  @ApiPropertyOptional()
  at?: Date;

  @ApiPropertyOptional({ enum: Breed, isArray: true })
  breeds?: Breed[];
}

class Account {
  @ApiProperty()
  @Expose()
  id = 1;

  @ApiProperty({ name: 'user_name' })
  @Expose({ name: 'user_name' })
  userName = 'ann';

  @Exclude()
  password = 'secret';

  @ApiProperty()
  @Expose()
  get initial() {
    return this.userName.charAt(0);
  }

  @ApiProperty({ type: String })
  @Transform(() => 'hidden')
  token = 'secret';
}

/** As a document of Mongoose: its fields are behind getters, and `toJSON()` gives them. */
class MongooseDocument {
  readonly #fields = { id: 1, name: 'Fido', __v: 0 };

  get name(): string {
    return this.#fields.name;
  }

  toJSON(): object {
    return { ...this.#fields };
  }
}

/** As a `Decimal` of Prisma. */
class Decimal {
  constructor(private readonly digits: string) {}

  toJSON(): string {
    return this.digits;
  }
}

const FIDO = { id: 1, name: 'Fido' };
type Case = [form: string, declaration: ApiResponseOptions, value: unknown, sent: unknown];

const cases: Case[] = [
  ['inheritance', { type: Puppy }, { ...FIDO, chip: 1 }, FIDO],
  ['PartialType(OmitType())', { type: UpdatePuppy }, { ...FIDO, chip: 1 }, { name: 'Fido' }],
  ['PickType()', { type: NamedPuppy }, FIDO, { name: 'Fido' }],
  [
    'IntersectionType()',
    { type: TaggedPuppy },
    { ...FIDO, tags: ['a'], chip: 1 },
    { ...FIDO, tags: ['a'] },
  ],
  [
    'a generic by allOf and getSchemaPath()',
    {
      schema: {
        allOf: [
          { $ref: getSchemaPath(Page) },
          { properties: { items: { type: 'array', items: { $ref: getSchemaPath(Puppy) } } } },
        ],
      },
    },
    { total: 1, items: [{ ...FIDO, chip: 1 }], next: 2 },
    { total: 1, items: [FIDO] },
  ],
  ['enumName', { type: Puppy }, { ...FIDO, breed: 'corgi' }, { ...FIDO, breed: 'corgi' }],
  ['an enum that is a list', { type: Shelter }, { breeds: ['corgi'] }, { breeds: ['corgi'] }],
  ['a nullable oneOf that is null', { type: Shelter }, { oneOf: null }, { oneOf: null }],
  [
    'a nullable oneOf that is not',
    { type: Shelter },
    { oneOf: { ...FIDO, chip: 1 } },
    // Both options hold: a puppy has a name, as an owner has.
    undefined,
  ],
  [
    'a map of classes',
    { type: Shelter },
    { byName: new Map([['Fido', { ...FIDO, chip: 1 }]]) },
    { byName: { Fido: FIDO } },
  ],
  ['a map of numbers', { type: Shelter }, { counts: { a: 1 } }, { counts: { a: 1 } }],
  ['@ApiSchema({ name })', { type: Owner }, { name: 'Ann', age: 40 }, { name: 'Ann' }],
  [
    'circular classes',
    { type: Owner },
    { name: 'Ann', age: 40, pets: [{ name: 'Rex', chip: 1 }] },
    { name: 'Ann', pets: [{ name: 'Rex' }] },
  ],
  ['a Decimal', { type: Shelter }, { price: new Decimal('12.50') }, { price: '12.50' }],
  ['a BigInt', { type: Shelter }, { price: 2n ** 64n }, { price: '18446744073709551616' }],
  ['a Date', { type: Shelter }, { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
  ['a document with toJSON()', { type: Puppy }, new MongooseDocument(), FIDO],
  [
    '@Expose() and @Exclude() behind ClassSerializerInterceptor',
    { type: Account },
    new Account(),
    { id: 1, user_name: 'ann', initial: 'a', token: 'hidden' },
  ],
  ['a list by isArray', { type: Puppy, isArray: true }, [{ ...FIDO, chip: 1 }], [FIDO]],
  ['a lazy relation', { type: Owner }, { name: 'Ann', pets: Promise.resolve([]) }, undefined],
];

function controllerOf(declaration: ApiResponseOptions, value: unknown): Type<unknown> {
  @Controller()
  @ApiExtraModels(Page, Puppy)
  class AnyController {
    @Get()
    @ApiOkResponse(declaration)
    get(): unknown {
      return value;
    }
  }
  return AnyController;
}

describe.each(platforms)('A declaration of swagger on $name', (platform) => {
  it.each(cases)('matches the response: %s', async (_, declaration, value, expected) => {
    const { url } = await start(platform, {
      controllers: [controllerOf({ ...declaration }, value)],
      providers:
        value instanceof Account
          ? [{ provide: APP_INTERCEPTOR, useClass: ClassSerializerInterceptor }]
          : [],
    });
    const answer = await fetch(url);
    expect({ status: answer.status, body: await answer.json() }).toEqual(
      expected === undefined
        ? { status: 500, body: { statusCode: 500, message: 'Internal server error' } }
        : { status: 200, body: expected },
    );
  });
});
