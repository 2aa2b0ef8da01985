import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder } from '@nestjs/swagger';
import { setupOpenAPI } from 'nestjs-responses';

/** Serves what the routes declare: as an OpenAPI document at /schema/, and for people at /docs/. */
export function setupDocs(app: INestApplication): void {
  setupOpenAPI(app, {
    path: '/schema/',
    docs: '/docs/',
    document: new DocumentBuilder()
      .setOpenAPIVersion('3.2.0')
      .setTitle('MCP')
      .setDescription('A server of the Model Context Protocol, by its transport "Streamable HTTP".')
      .setLicense('MIT', 'https://opensource.org/license/mit')
      .addServer('/')
      .addSecurityRequirements({})
      .build(),
  });
}
