import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The body of an error in the OpenAPI document. */
@ApiSchema({ name: 'APIError', description: 'What went wrong.' })
export class APIError {
  @ApiProperty({
    description: 'What happened: a sentence, or several, or an object that says more.',
    anyOf: [{ type: 'string' }, { type: 'array', items: {} }, { type: 'object' }],
  })
  detail!: unknown;

  @ApiProperty({
    description: "The name of the exception's class, or null.",
    type: String,
    nullable: true,
  })
  error!: string | null;

  @ApiProperty({ description: 'The status of the response.', type: 'integer' })
  status_code!: number;
}
