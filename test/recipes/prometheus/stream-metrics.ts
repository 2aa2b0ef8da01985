import { Controller, Get, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import {
  OpenStreams,
  PlainTextResponse,
  type ClosedStreamReport,
  type StreamReport,
} from 'nestjs-responses';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of all streamed responses of this process. */
@Injectable()
export class StreamMetrics implements OnModuleDestroy {
  readonly registry = new Registry();
  /** Open streams, with the number of their items that have already been counted. */
  readonly #open = new Map<StreamReport, number>();
  readonly #items: Counter;
  readonly #closed: Counter;
  readonly #duration: Histogram;

  constructor(@Inject(OpenStreams) streams: OpenStreams) {
    const registers = [this.registry];
    new Gauge({
      name: 'streams_open',
      help: 'Streams that are open now.',
      labelNames: ['route'],
      registers,
      collect() {
        this.reset();
        streams.byRoute().forEach((count, route) => this.set({ route }, count));
      },
    });
    this.#items = new Counter({
      name: 'stream_items_total',
      help: 'Items sent, e.g. events or lines.',
      labelNames: ['route'],
      registers,
      // Includes items of open streams, because a stream may stay open for days.
      collect: () => this.#open.forEach((_, report) => this.#countItems(report)),
    });
    this.#closed = new Counter({
      name: 'streams_closed_total',
      help: 'Streams that were closed, by reason.',
      labelNames: ['route', 'reason'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'stream_duration_seconds',
      help: 'How long streams were open.',
      labelNames: ['route'],
      buckets: [1, 10, 60, 600, 3600],
      registers,
    });
    subscribe('nestjs-responses:stream:open', this.#onOpen);
    subscribe('nestjs-responses:stream:close', this.#onClose);
  }

  onModuleDestroy(): void {
    unsubscribe('nestjs-responses:stream:open', this.#onOpen);
    unsubscribe('nestjs-responses:stream:close', this.#onClose);
  }

  readonly #onOpen = (message: unknown): void => {
    this.#open.set(message as StreamReport, 0);
  };

  readonly #onClose = (message: unknown): void => {
    const report = message as ClosedStreamReport;
    const { route, reason, duration } = report;
    this.#countItems(report);
    this.#open.delete(report);
    this.#closed.inc({ route, reason });
    this.#duration.observe({ route }, duration / 1000);
  };

  #countItems(report: StreamReport): void {
    this.#items.inc({ route: report.route }, report.items - (this.#open.get(report) ?? 0));
    this.#open.set(report, report.items);
  }
}

@Controller('metrics')
export class MetricsController {
  constructor(@Inject(StreamMetrics) private readonly metrics: StreamMetrics) {}

  @Get()
  async read() {
    const { registry } = this.metrics;
    return new PlainTextResponse(await registry.metrics(), { mediaType: registry.contentType });
  }
}

@Module({ controllers: [MetricsController], providers: [StreamMetrics] })
export class MetricsModule {}
