import type { INestApplication } from '@nestjs/common';
import { configure } from '@codegenie/serverless-express';
import { ServerlessAdapter } from '@h4ad/serverless-adapter';
import { ApiGatewayV2Adapter } from '@h4ad/serverless-adapter/adapters/aws';
import { ExpressFramework } from '@h4ad/serverless-adapter/frameworks/express';
import { FastifyFramework } from '@h4ad/serverless-adapter/frameworks/fastify';
import { AwsStreamHandler } from '@h4ad/serverless-adapter/handlers/aws';
import { DefaultHandler } from '@h4ad/serverless-adapter/handlers/default';
import { PromiseResolver } from '@h4ad/serverless-adapter/resolvers/promise';
import { PassThrough, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Platform } from './platforms.js';

/** A response, as a client of the function receives it. */
export interface ServerlessAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Calls a function that serves an application. Rejects if the function fails. */
export type Invoke = (path: string, headers?: Record<string, string>) => Promise<ServerlessAnswer>;

interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type Handler = (event: unknown, context: unknown, callback?: unknown) => Promise<GatewayAnswer>;
type StreamHandler = (event: unknown, stream: Writable, context: unknown) => Promise<void>;

/** The binary media types, for adapters that require a list. */
const binaryTypes = ['application/octet-stream'];

/** An event of API Gateway's HTTP API, payload version 2.0. */
function gatewayEvent(path: string, headers: Record<string, string> = {}): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'example.com', ...headers },
    requestContext: {
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      stage: '$default',
    },
    isBase64Encoded: false,
  };
}

function answerOf({ statusCode, headers, body, isBase64Encoded }: GatewayAnswer): ServerlessAnswer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers, body: bytes };
}

/** `@codegenie/serverless-express`, which calls an Express application. */
export function codegenie(app: INestApplication): Invoke {
  const handle = configure({
    app: app.getHttpAdapter().getInstance() as never,
    binarySettings: { contentTypes: binaryTypes },
    logSettings: { level: 'error' },
  }) as unknown as Handler;
  return async (path, headers) => answerOf(await handle(gatewayEvent(path, headers), {}, () => {}));
}

/** The adapter is built step by step. Each step has its own type, which only knows the next step. */
function adapterOf(app: INestApplication, { name }: Platform, handler: unknown): unknown {
  const framework = name === 'Fastify' ? new FastifyFramework() : new ExpressFramework();
  return ServerlessAdapter.new(app.getHttpAdapter().getInstance() as object)
    .setFramework(framework as never)
    .setHandler(handler as never)
    .setResolver(new PromiseResolver() as never)
    .setBinarySettings({ contentTypes: binaryTypes, contentEncodings: [] })
    .addAdapter(new ApiGatewayV2Adapter() as never)
    .build();
}

/** `@h4ad/serverless-adapter`, which buffers responses. */
export function h4ad(app: INestApplication, platform: Platform): Invoke {
  const handle = adapterOf(app, platform, new DefaultHandler()) as Handler;
  return async (path, headers) => answerOf(await handle(gatewayEvent(path, headers), {}));
}

/** `@h4ad/serverless-adapter` with Lambda's response streaming. */
export function h4adStreaming(app: INestApplication, platform: Platform): Invoke {
  // The part of Lambda's runtime that the adapter uses.
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: StreamHandler) => handler,
      HttpResponseStream: {
        from: (stream: Writable, head: object) => Object.assign(stream, { head }),
      },
    },
  });
  const handle = adapterOf(app, platform, new AwsStreamHandler()) as StreamHandler;
  return async (path, headers) => {
    const stream = new PassThrough() as PassThrough & { head?: GatewayAnswer };
    const body = buffer(stream);
    await handle(gatewayEvent(path, headers), stream, {});
    stream.end();
    const { statusCode = 0, headers: sent = {} } = stream.head ?? {};
    return { status: statusCode, headers: sent, body: await body };
  };
}
