import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { metrics, ValueType, type ObservableCallback } from '@opentelemetry/api';
import type { ClosedStreamReport, StreamReport } from 'nestjs-responses';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Metrics of all streamed responses of this process. */
@Injectable()
export class StreamMetrics implements OnModuleDestroy {
  readonly #meter = metrics.getMeter('nestjs-responses');
  readonly #openStreams = this.#meter.createUpDownCounter('streams.open', {
    unit: '{stream}',
    valueType: ValueType.INT,
  });
  readonly #items = this.#meter.createObservableCounter('streams.items', {
    unit: '{item}',
    valueType: ValueType.INT,
  });
  readonly #closed = this.#meter.createCounter('streams.closed', {
    unit: '{stream}',
    valueType: ValueType.INT,
  });
  readonly #duration = this.#meter.createHistogram('streams.duration', { unit: 's' });

  readonly #open = new Set<StreamReport>();
  /** Items of closed streams, by route. */
  readonly #itemsOfClosed = new Map<string, number>();

  constructor() {
    subscribe('nestjs-responses:stream:open', this.#onOpen);
    subscribe('nestjs-responses:stream:close', this.#onClose);
    this.#items.addCallback(this.#observeItems);
  }

  onModuleDestroy(): void {
    unsubscribe('nestjs-responses:stream:open', this.#onOpen);
    unsubscribe('nestjs-responses:stream:close', this.#onClose);
    this.#items.removeCallback(this.#observeItems);
  }

  readonly #onOpen = (message: unknown): void => {
    const report = message as StreamReport;
    this.#open.add(report);
    this.#openStreams.add(1, { 'http.route': report.route });
  };

  readonly #onClose = (message: unknown): void => {
    const report = message as ClosedStreamReport;
    const { route, reason, duration } = report;
    this.#open.delete(report);
    addItems(this.#itemsOfClosed, report);
    this.#openStreams.add(-1, { 'http.route': route });
    this.#closed.add(1, { 'http.route': route, reason });
    this.#duration.record(duration / 1000, { 'http.route': route });
  };

  readonly #observeItems: ObservableCallback = (result): void => {
    // Includes items of open streams, because a stream may stay open for days.
    const items = new Map(this.#itemsOfClosed);
    this.#open.forEach((report) => addItems(items, report));
    items.forEach((count, route) => result.observe(count, { 'http.route': route }));
  };
}

function addItems(items: Map<string, number>, { route, items: count }: StreamReport): void {
  items.set(route, (items.get(route) ?? 0) + count);
}
