import { ApiProperty } from '@nestjs/swagger';

/** A small answer. */
export class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  good!: boolean;
}

/** A new one for each request, as an application makes it of what it has read. */
export function puppy(): Puppy {
  return Object.assign(new Puppy(), { id: 7, name: 'Canna', good: true });
}

/** A list of 100 new ones. */
export function puppies(): Puppy[] {
  return Array.from({ length: 100 }, puppy);
}
