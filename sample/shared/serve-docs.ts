import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder } from '@nestjs/swagger';
import { setupOpenAPI } from 'nestjs-responses';

/** What a document says of its application. */
export interface DocsOptions {
  readonly title: string;
  readonly description: string;
}

/** Serves what the routes declare: as an OpenAPI document at /schema/, and for people at /docs/. */
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
