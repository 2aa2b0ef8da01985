import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import cluster from 'node:cluster';
import { createAdapter } from '../../shared/create-adapter.js';
import { startWorkers } from '../../shared/start-workers.js';
import { AppModule } from './app.module.js';

const port = Number(process.env['PORT'] ?? 3000);
const logger = new Logger('Sample');

// With Redis, several processes share the channels, so start two, which share the port.
if (process.env['REDIS_URL'] && cluster.isPrimary) {
  startWorkers(2);
} else {
  await startApplication();
}

async function startApplication(): Promise<void> {
  const app = await NestFactory.create(AppModule, createAdapter(), { forceCloseConnections: true });
  app.enableShutdownHooks();
  await app.listen(port);
  logger.log(`Process ${process.pid} listens: open http://localhost:${port}/`);
}
