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

/** What sources and handlers of the server hold, or have done. */
export interface Held {
  /** Sources that are open. */
  sources: number;
  /** Sources that were ever opened. */
  opened: number;
  /** Lines that endless Observables have emitted. */
  lines: number;
  /** Signals of handlers that were aborted. */
  aborted: number;
  /** Background tasks that are done. */
  tasks: number;
  /** How often an event of the fan-out was encoded. */
  encodings: number;
  /** Subscribers of the fan-out. */
  subscribers: number;
}

/** How late the event loop comes round, in milliseconds. */
export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What the server does for its parent, by name: what it is given, and what it answers. */
export interface Commands {
  /** Answers the port. */
  listen: () => Promise<number>;
  figures: () => Promise<Figures>;
  /** CPU time so far, in microseconds. */
  cpu: () => NodeJS.CpuUsage;
  held: () => Held;
  /** How many connections are open. */
  connections: () => Promise<number>;
  /** All that was logged, and warnings and unhandled rejections of the process. */
  logs: () => readonly string[];
  /** Emits one event of the fan-out, or ten at once. */
  publish: () => void;
  publishTen: () => void;
  /** Measures from now on, until `delay`. */
  watchDelay: () => void;
  delay: () => Delay;
  /** Has the background tasks be done. */
  finishTasks: () => void;
  /** Reports each stream that opens from now on. */
  watchStreams: () => void;
  /** Why streams were closed since `watchStreams`. */
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
