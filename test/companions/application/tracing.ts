import { SpanStatusCode } from '@opentelemetry/api';
import FastifyOtel from '@fastify/otel';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core';
import {
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';

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
