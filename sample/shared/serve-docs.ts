import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder } from '@nestjs/swagger';
import { setupOpenAPI } from 'nestjs-responses';

/** The description of the application in the document. */
export interface DocsOptions {
  readonly title: string;
  readonly description: string;
}

/** Serves the OpenAPI document at /schema/, and Swagger UI at /docs/. */
export function serveDocs(app: INestApplication, { title, description }: DocsOptions): void {
  setupOpenAPI(app, {
    path: '/schema/',
    docs: '/docs/',
    document: new DocumentBuilder()
      .setOpenAPIVersion('3.2.0')
      .setTitle(title)
      .setDescription(description)
      .setLicense('MIT', 'https://opensource.org/license/mit')
      .addServer('/')
      .addSecurityRequirements({})
      .build(),
  });
}
