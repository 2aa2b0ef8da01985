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

/** Creates a new puppy for each request, like an application that reads it from a database. */
export function puppy(): Puppy {
  return Object.assign(new Puppy(), { id: 7, name: 'Canna', good: true });
}
