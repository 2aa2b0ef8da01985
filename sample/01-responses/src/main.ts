import { NestFactory } from '@nestjs/core';
import { Logger } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { setupDocs } from './docs.js';

const port = Number(process.env['PORT'] ?? 3000);
const adapter =
  process.env['PLATFORM'] === 'fastify'
    ? new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } })
    : new ExpressAdapter();

const app = await NestFactory.create(AppModule, adapter);
app.enableShutdownHooks();
setupDocs(app);
await app.listen(port);
new Logger('Sample').log(`Open http://localhost:${port}/`);
