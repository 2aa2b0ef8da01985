import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createAdapter } from '../../shared/create-adapter.js';
import { AppModule } from './app.module.js';
import { setupDocs } from './docs.js';

const port = Number(process.env['PORT'] ?? 3000);
const app = await NestFactory.create(AppModule, createAdapter());
app.enableShutdownHooks();
setupDocs(app);
// MCP requires a local server to listen only on this machine.
await app.listen(port, '127.0.0.1');
new Logger('Sample').log(
  `Connect an MCP client to http://localhost:${port}/mcp, or read http://localhost:${port}/docs/`,
);
