import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createAdapter } from '../../shared/create-adapter.js';
import { AppModule } from './app.module.js';
import { setupDocs } from './docs.js';

const port = Number(process.env['PORT'] ?? 3000);
const app = await NestFactory.create(AppModule, createAdapter());
app.enableShutdownHooks();
setupDocs(app);
await app.listen(port);
new Logger('Sample').log(`Open http://localhost:${port}/`);
