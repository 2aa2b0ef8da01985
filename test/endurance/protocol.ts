import type { NestApplicationOptions } from '@nestjs/common';
import type { ResponsesModuleOptions, StreamCloseReason } from '../../src/index.js';
import type { Figures } from './figures.js';

export const endurancePlatforms = ['Express', 'Fastify', 'HTTP/2'] as const;

export interface ServerOptions {
  /** The last is Fastify over HTTP/2. */
  readonly platform: (typeof endurancePlatforms)[number];
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  readonly responses?: ResponsesModuleOptions;
  readonly application?: NestApplicationOptions;
}

/** Counters of the sources and handlers of the server. */
export interface Held {
  /** Open sources. */
  sources: number;
  /** All sources that were opened. */
  opened: number;
  /** Lines emitted by endless Observables. */
  lines: number;
  /** Aborted signals of handlers. */
  aborted: number;
  /** Completed background tasks. */
  tasks: number;
  /** The number of times an event of the fan-out was encoded. */
  encodings: number;
  /** Subscribers of the fan-out. */
  subscribers: number;
}

/** The delay of the event loop, in milliseconds. */
export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The commands of the server, by name: their argument and their result. */
export interface Commands {
  /** Returns the port. */
  listen: () => Promise<number>;
  figures: () => Promise<Figures>;
  /** The CPU time so far, in microseconds. */
  cpu: () => NodeJS.CpuUsage;
  held: () => Held;
  /** The number of open connections. */
  connections: () => Promise<number>;
  /** All log entries, and the warnings and unhandled rejections of the process. */
  logs: () => readonly string[];
  /** Emits one event of the fan-out, or ten together. */
  publish: () => void;
  publishTen: () => void;
  /** Starts to measure, until `delay`. */
  watchDelay: () => void;
  delay: () => Delay;
  /** Completes the background tasks. */
  finishTasks: () => void;
  /** Starts to report streams. */
  watchStreams: () => void;
  /** The reasons why streams were closed since `watchStreams`. */
  closeReasons: () => readonly StreamCloseReason[];
  /** Closes the application. */
  close: () => Promise<void>;
}

/** A command on its way to the server. */
export interface Call {
  readonly number: number;
  readonly name: keyof Commands;
}

export interface Answer {
  readonly number: number;
  readonly answer: unknown;
}
