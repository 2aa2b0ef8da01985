import type { LoggerService } from '@nestjs/common';

/** Keeps what an application logs: each entry as its level and its text, with the stack where there is one. */
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
