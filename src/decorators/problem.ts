import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The body of a problem in the OpenAPI document. Source: RFC 9457, section 3.1. */
@ApiSchema({ name: 'Problem', description: 'What went wrong (RFC 9457).' })
export class Problem {
  @ApiProperty({
    description: 'Identifies the type of problem.',
    type: String,
    format: 'uri-reference',
    default: 'about:blank',
  })
  type!: string;

  @ApiProperty({
    description: 'A summary of the type of problem.',
    type: String,
    required: false,
  })
  title?: string;

  @ApiProperty({
    description: 'The status of the response.',
    type: 'integer',
    minimum: 100,
    maximum: 599,
  })
  status!: number;

  @ApiProperty({
    description: 'An explanation of this occurrence.',
    type: String,
    required: false,
  })
  detail?: string;

  @ApiProperty({
    description: 'Identifies this occurrence.',
    type: String,
    format: 'uri-reference',
    required: false,
  })
  instance?: string;
}
