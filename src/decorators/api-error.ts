import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The body of an error, as the document has it. */
@ApiSchema({ name: 'APIError', description: 'What went wrong.' })
export class APIError {
  @ApiProperty({
    description: 'What happened: a sentence, or several, or an object that says more.',
    anyOf: [{ type: 'string' }, { type: 'array', items: {} }, { type: 'object' }],
    example: 'There is no puppy 7.',
  })
  detail!: unknown;

  @ApiProperty({
    description: "The name of the exception's class.",
    type: String,
    nullable: true,
    example: 'NotFoundException',
  })
  error!: string | null;

  @ApiProperty({ description: 'The status of the response.', type: 'integer', example: 404 })
  status_code!: number;
}
