import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import cluster from 'node:cluster';
import { createAdapter } from '../../shared/create-adapter.js';
import { startWorkers } from '../../shared/start-workers.js';
import { AppModule } from './app.module.js';
import { setupDocs } from './docs.js';

// With Redis, any process can continue any answer, so start two, which share the port.
if (process.env['REDIS_URL'] && cluster.isPrimary) {
  startWorkers(2);
} else {
  const port = Number(process.env['PORT'] ?? 3000);
  const app = await NestFactory.create(AppModule, createAdapter(), { forceCloseConnections: true });
  app.enableShutdownHooks();
  setupDocs(app);
  await app.listen(port);
  new Logger('Sample').log(`Open http://localhost:${port}/`);
}
