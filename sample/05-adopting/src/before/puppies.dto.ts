import { ApiProperty } from '@nestjs/swagger';

export class OwnerDto {
  name!: string;
}

export class PuppyDto {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  born!: Date;

  @ApiProperty({ type: Number })
  weight!: number | string;
}

export class PageDto {
  @ApiProperty({ type: [PuppyDto] })
  items!: PuppyDto[];

  @ApiProperty()
  total!: number;
}

export class CreatePuppyDto {
  @ApiProperty()
  name!: string;
}
