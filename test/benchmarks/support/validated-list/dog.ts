import { ApiProperty } from '@nestjs/swagger';
import { Expose, Type } from 'class-transformer';

export const BREEDS = ['corgi', 'husky', 'poodle'] as const;
export type Breed = (typeof BREEDS)[number];

export class Owner {
  @ApiProperty()
  @Expose()
  id!: number;

  @ApiProperty()
  @Expose()
  name!: string;
}

/** An item of a list. The properties are declared for nestjs-responses, class-transformer and typia. */
export class Dog {
  @ApiProperty()
  @Expose()
  id!: number;

  @ApiProperty()
  @Expose()
  name!: string;

  @ApiProperty({ enum: BREEDS })
  @Expose()
  breed!: Breed;

  @ApiProperty()
  @Expose()
  weight!: number;

  @ApiProperty()
  @Expose()
  good!: boolean;

  @ApiProperty({ type: String, nullable: true })
  @Expose()
  nickname!: string | null;

  @ApiProperty()
  @Expose()
  born!: Date;

  @ApiProperty({ type: [String] })
  @Expose()
  tricks!: string[];

  @ApiProperty()
  @Expose()
  @Type(() => Owner)
  owner!: Owner;
}

/**
 * Creates new dogs for each request, like an application that reads them from a database. Dogs and owners have
 * properties that their classes do not declare.
 */
export function dogs(count: number): Dog[] {
  return Array.from({ length: count }, (_, i) =>
    Object.assign(new Dog(), {
      id: i,
      name: `Canna ${i}`,
      breed: BREEDS[i % BREEDS.length],
      weight: 12.5 + (i % 7),
      good: true,
      nickname: i % 2 === 0 ? null : 'Can',
      born: new Date(1_700_000_000_000 + i),
      tricks: ['sit', 'roll over'],
      owner: Object.assign(new Owner(), { id: 7, name: 'Ana', password: 'hunter2' }),
      chip: '985112345678900',
    }),
  );
}
