import { ApiProperty } from '@nestjs/swagger';

export class OwnerDto {
  @ApiProperty()
  name!: string;
}

export class PuppyDto {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'date' })
  born!: Date;

  @ApiProperty({ type: String, example: '7.50' })
  weight!: string;

  @ApiProperty({ type: () => OwnerDto, nullable: true })
  owner!: OwnerDto | null;
}

export class PageDto {
  @ApiProperty({ type: [PuppyDto] })
  items!: PuppyDto[];

  @ApiProperty()
  total!: number;
}

export class CountDto {
  @ApiProperty()
  count!: number;
}

export class CreatePuppyDto {
  @ApiProperty()
  name!: string;
}
