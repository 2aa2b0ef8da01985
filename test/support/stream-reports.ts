import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { onTestFinished, vi } from 'vitest';
import type { ClosedStreamReport, StreamReport } from '../../src/index.js';

/** Records the streams that open and close until the test is done. */
export interface StreamReports {
  /** Each report as it was when its stream opened. */
  readonly opened: readonly StreamReport[];
  readonly closed: readonly ClosedStreamReport[];
  /** Resolves with the last of them once this many are closed. */
  untilClosed(count: number): Promise<ClosedStreamReport>;
}

/** Subscribes to the two diagnostics channels. */
export function watchStreams(): StreamReports {
  const opened: StreamReport[] = [];
  const closed: ClosedStreamReport[] = [];
  const onOpen = (message: unknown) => opened.push({ ...(message as StreamReport) });
  const onClose = (message: unknown) => closed.push(message as ClosedStreamReport);
  subscribe('nestjs-responses:stream:open', onOpen);
  subscribe('nestjs-responses:stream:close', onClose);
  onTestFinished(() => {
    unsubscribe('nestjs-responses:stream:open', onOpen);
    unsubscribe('nestjs-responses:stream:close', onClose);
  });
  return {
    opened,
    closed,
    untilClosed: async (count) => {
      await vi.waitUntil(() => closed.length >= count, 15_000);
      return closed[count - 1] as ClosedStreamReport;
    },
  };
}
