import type { LoggerService } from '@nestjs/common';

/** Collects the log entries of an application: the level and the text of each, with its stack if there is one. */
export class LogCollector implements LoggerService {
  readonly entries: string[] = [];

  log(): void {}

  warn(...parts: unknown[]): void {
    this.#add('warn', parts);
  }

  error(...parts: unknown[]): void {
    this.#add('error', parts);
  }

  #add(level: string, parts: unknown[]): void {
    const text = parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' ');
    this.entries.push(`${level}: ${text}`);
  }
}
