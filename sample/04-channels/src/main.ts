import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import cluster from 'node:cluster';
import { createAdapter } from '../../shared/create-adapter.js';
import { AppModule } from './app.module.js';

const port = Number(process.env['PORT'] ?? 3000);
const logger = new Logger('Sample');

// With Redis the channels are common to any number of processes, so there are two, which share the port.
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

function startWorkers(count: number): void {
  for (let i = 0; i < count; i++) {
    cluster.fork();
  }
  cluster.on('message', (_worker, message: { readonly kill?: number }) => {
    const victim = Object.values(cluster.workers ?? {}).find(
      (worker) => worker?.process.pid === message.kill,
    );
    victim?.process.kill('SIGKILL');
  });
  let isStopping = false;
  cluster.on('exit', (worker, code) => {
    // One that could not start would not start the next time either, e.g. with a wrong REDIS_URL.
    if (isStopping || code !== null) {
      process.exitCode ??= code ?? 0;
      return;
    }
    logger.warn(`Process ${worker.process.pid} was killed; another takes its place.`);
    cluster.fork();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isStopping = true;
      Object.values(cluster.workers ?? {}).forEach((worker) => worker?.process.kill(signal));
    });
  }
}
