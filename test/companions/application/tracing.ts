import FastifyOtel from '@fastify/otel';
import { SpanStatusCode } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core';
import {
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import * as Sentry from '@sentry/nestjs';
import type { ClosedStreamReport } from 'nestjs-responses';
import { subscribe } from 'node:diagnostics_channel';

/** Prints each span as a line of JSON once it has ended. */
const exporter = {
  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void {
    for (const { name, kind, status, attributes, duration } of spans) {
      const [seconds, nanoseconds] = duration;
      const milliseconds = seconds * 1000 + nanoseconds / 1e6;
      const hasFailed = status.code === SpanStatusCode.ERROR;
      process.stdout.write(
        `${JSON.stringify({ span: name, kind, hasFailed, milliseconds, attributes })}\n`,
      );
    }
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};

const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [
    new HttpInstrumentation(),
    new ExpressInstrumentation(),
    new NestInstrumentation(),
    new FastifyOtel({ registerOnInitialization: true }),
  ],
});

/** Prints each report of an exception as a line of JSON, instead of sending it. */
Sentry.init({
  dsn: 'https://key@sentry.example/1',
  // The tracing above stays in charge.
  skipOpenTelemetrySetup: true,
  beforeSend: ({ exception }) => {
    process.stdout.write(`${JSON.stringify({ reported: exception?.values?.[0]?.value })}\n`);
    return null;
  },
});

// The head of a stream has been sent when its source fails: no filter gets the exception.
subscribe('nestjs-responses:stream:close', (message) => {
  const { reason, error, route } = message as ClosedStreamReport;
  if (reason === 'error') {
    Sentry.captureException(error, { tags: { route } });
  }
});
