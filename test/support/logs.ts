import { Logger } from '@nestjs/common';
import { onTestFinished } from 'vitest';

/** What was logged, as text. */
export interface LogEntry {
  readonly level: 'log' | 'error' | 'warn';
  readonly message: string;
  readonly stack: string | undefined;
  readonly context: string;
}

/** Collects what is logged until the test is done, in place of printing it. */
export function silenceLogs(): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  const add =
    (level: LogEntry['level']) =>
    (message: unknown, ...rest: string[]) => {
      const context = rest.at(-1) ?? '';
      const stack = rest.length > 1 ? rest[0] : undefined;
      entries.push({ level, message: String(message), stack, context });
    };
  Logger.overrideLogger({ log: add('log'), error: add('error'), warn: add('warn') });
  onTestFinished(() => Logger.overrideLogger(['log', 'error', 'warn']));
  return entries;
}
