import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';

/** The OpenAPI versions that swagger supports. */
export const versions = ['3.0.4', '3.1.1', '3.2.0'] as const;

/** A document with everything that a linter requires. */
export function documentOf(openapi: string): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setOpenAPIVersion(openapi)
    .setTitle('Puppies')
    .setDescription('All that can be declared.')
    .setVersion('1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addSecurityRequirements({})
    .build();
}
