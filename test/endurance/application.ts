import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo, Server } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import {
  ResponsesModule,
  type ClosedStreamReport,
  type StreamCloseReason,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { EnduranceController, finishTasks } from './endurance.controller.js';
import { takeFigures } from './figures.js';
import { held } from './held.js';
import type { Call, Commands, ServerOptions } from './protocol.js';
import { FanOutController, publish } from './fan-out.controller.js';

/** The server of the endurance tests. Runs the commands of its parent and answers. */
const { platform, host, responses, application } = JSON.parse(
  process.env['ENDURANCE_SERVER'] as string,
) as ServerOptions;

@Module({
  imports: [ResponsesModule.forRoot(responses)],
  controllers: [EnduranceController, FanOutController],
})
class EnduranceModule {}

const logger = new LogCollector();
const problems: string[] = [];
process.on('warning', ({ message }) => problems.push(`warning of the process: ${message}`));
process.on('unhandledRejection', (reason) => problems.push(`not handled: ${String(reason)}`));
const closeReasons: StreamCloseReason[] = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
const app = await createApplication();
app.enableShutdownHooks();

const server = app.getHttpServer() as Server;

const commands: Commands = {
  listen: async () => {
    await app.listen(0, host ?? '127.0.0.1');
    return (server.address() as AddressInfo).port;
  },
  figures: takeFigures,
  cpu: () => process.cpuUsage(),
  held: () => held,
  connections: () => promisify(server.getConnections.bind(server))(),
  logs: () => [...logger.entries, ...problems],
  publish,
  publishTen: () => {
    for (let i = 0; i < 10; i++) {
      publish();
    }
  },
  watchDelay: () => {
    delay.reset();
    delay.enable();
  },
  delay: () => {
    delay.disable();
    const [p50, p99] = [50, 99].map((percentile) => delay.percentile(percentile) / 1e6);
    return { p50: p50 ?? 0, p99: p99 ?? 0, max: delay.max / 1e6 };
  },
  finishTasks,
  watchStreams: () =>
    subscribe('nestjs-responses:stream:close', (message) =>
      closeReasons.push((message as ClosedStreamReport).reason),
    ),
  closeReasons: () => closeReasons,
  close: () => app.close(),
};

process.on('message', ({ number, name }: Call) => {
  void Promise.resolve(commands[name]()).then((answer) => process.send?.({ number, answer }));
});

function createApplication(): Promise<INestApplication> {
  const options = { logger, ...application };
  if (platform === 'Express') {
    return NestFactory.create(EnduranceModule, new ExpressAdapter(), options);
  }
  const adapter =
    platform === 'HTTP/2'
      ? // Without it, a connection of HTTP/2 that is open keeps the server of Node 20 from being closed.
        new FastifyAdapter({ http2: true, forceCloseConnections: true })
      : new FastifyAdapter();
  return NestFactory.create(EnduranceModule, adapter as FastifyAdapter, options);
}
