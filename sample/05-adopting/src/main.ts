import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createAdapter } from '../../shared/create-adapter.js';
import { AppModule as After } from './after/app.module.js';
import { AppModule as Before } from './before/app.module.js';

const port = Number(process.env['PORT'] ?? 3000);
const isBefore = process.env['STATE'] === 'before';

const app = await NestFactory.create(isBefore ? Before : After, createAdapter(), {
  forceCloseConnections: true,
});
app.enableShutdownHooks();
await app.listen(port);
new Logger('Sample').log(`Open http://localhost:${port}/puppies`);
