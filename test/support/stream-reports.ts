import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { onTestFinished, vi } from 'vitest';
import type { ClosedStreamReport, StreamReport } from '../../src/index.js';

/** The streams that open and close from now on, until the test is done. */
export interface StreamReports {
  /** Each as it was when it opened. */
  readonly opened: readonly StreamReport[];
  readonly closed: readonly ClosedStreamReport[];
  /** Settles once so many are closed, with the last of them. */
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
