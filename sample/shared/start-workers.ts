import { Logger } from '@nestjs/common';
import cluster from 'node:cluster';

const logger = new Logger('Sample');

/**
 * Starts processes that share a port, and replaces each one that is killed. A worker kills a process with the message
 * `{ kill: pid }`.
 */
export function startWorkers(count: number): void {
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
    // A process that failed to start would fail again, e.g. because of a wrong REDIS_URL.
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
