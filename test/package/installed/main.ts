import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { setupOpenAPI } from 'nestjs-responses';
import { AppModule } from './app.module.js';
import metadata from './metadata.js';

async function bootstrap(): Promise<void> {
  const adapter =
    process.env['PLATFORM'] === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter);
  // The findings of the CLI plugin under SWC. Empty under tsc, where the plugin writes decorators.
  await SwaggerModule.loadPluginMetadata(metadata);
  setupOpenAPI(app, { path: '/schema/', document: new DocumentBuilder().build() });
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
}
void bootstrap();
