import { inspect } from 'node:util';
import type { Stringify } from './responses/json.js';
import { DEFAULT_SERVICES, type DeliveryServices } from './responses/services.js';

/** Options of `ResponsesModule`, all optional. @publicApi */
export interface ResponsesModuleOptions {
  readonly json?: {
    /** Writes JSON wherever a response does. @default JSON.stringify */
    readonly stringify?: Stringify;
  };
  readonly eventStream?: {
    /** Silence after which an event stream sends a comment, in milliseconds; `false`: none. @default 15_000 */
    readonly heartbeat?: number | false;
    /** How long clients wait before they reconnect, in milliseconds. @default each client's own */
    readonly retry?: number;
  };
  readonly streams?: {
    /** How much may wait for a client that is not reading, in bytes, before it is cut. @default 4 MiB */
    readonly maxBufferedBytes?: number;
    /** How long a write may wait for the client before it is cut, in milliseconds; `false`: for good. @default 30_000 */
    readonly sendTimeout?: number | false;
  };
  /**
   * Whether `APIErrorFilter` answers every exception that no filter of a controller or a route does. A global filter of
   * your own for some exceptions goes by `app.useGlobalFilters()` then, which runs before it. @default false
   */
  readonly errors?: boolean;
  /** How long shutdown waits for open streams and background tasks, in milliseconds. @default 10_000 */
  readonly shutdownTimeout?: number;
}

const DEFAULT_SHUTDOWN_TIMEOUT = 10_000;

interface Rule {
  readonly is: (value: unknown) => boolean;
  readonly text: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const MILLISECONDS: Rule = {
  is: (value) => isNumber(value) && value > 0 && value <= 2 ** 31 - 1,
  text: 'a positive number of milliseconds below 2^31',
};
const MILLISECONDS_OR_FALSE: Rule = {
  is: (value) => value === false || MILLISECONDS.is(value),
  text: `${MILLISECONDS.text}, or false`,
};
const COUNT: Rule = {
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  text: 'a non-negative integer',
};
const FUNCTION: Rule = { is: (value) => typeof value === 'function', text: 'a function' };

const RULES: Readonly<Record<string, Rule>> = {
  'json.stringify': FUNCTION,
  'eventStream.heartbeat': MILLISECONDS_OR_FALSE,
  'eventStream.retry': COUNT,
  'streams.maxBufferedBytes': COUNT,
  'streams.sendTimeout': MILLISECONDS_OR_FALSE,
  errors: { is: (value) => typeof value === 'boolean', text: 'true or false' },
  shutdownTimeout: { ...COUNT, text: 'a non-negative integer of milliseconds' },
};

/** Throws a `TypeError` that names the first option which is unknown or has a value that it cannot have. */
export function checkOptions(options: ResponsesModuleOptions): void {
  const groups = new Set(Object.keys(RULES).map((name) => name.split('.')[0]));
  for (const [key, value] of Object.entries(options)) {
    if (key in RULES) {
      checkOption(key, value);
    } else if (!groups.has(key)) {
      throw new TypeError(`ResponsesModule knows no option "${key}".`);
    } else if (value !== undefined && (typeof value !== 'object' || value === null)) {
      throw new TypeError(
        `The option "${key}" of ResponsesModule must be an object, got ${typeof value}.`,
      );
    } else {
      for (const [member, memberValue] of Object.entries(value ?? {})) {
        checkOption(`${key}.${member}`, memberValue);
      }
    }
  }
}

function checkOption(name: string, value: unknown): void {
  const rule = RULES[name];
  if (!rule) {
    throw new TypeError(`ResponsesModule knows no option "${name}".`);
  }
  if (value !== undefined && !rule.is(value)) {
    throw new TypeError(
      `The option "${name}" of ResponsesModule must be ${rule.text}, got ${inspect(value)}.`,
    );
  }
}

/** What the module lends to responses by its options. */
export function servicesFrom(
  { json, eventStream, streams }: ResponsesModuleOptions,
  onShutdown: DeliveryServices['onShutdown'],
): DeliveryServices {
  const defaults = DEFAULT_SERVICES;
  return {
    stringify: json?.stringify ?? defaults.stringify,
    eventStream: {
      heartbeat: eventStream?.heartbeat ?? defaults.eventStream.heartbeat,
      retry: eventStream?.retry ?? defaults.eventStream.retry,
    },
    streams: {
      maxBufferedBytes: streams?.maxBufferedBytes ?? defaults.streams.maxBufferedBytes,
      sendTimeout: streams?.sendTimeout ?? defaults.streams.sendTimeout,
    },
    onShutdown,
  };
}

/** How long shutdown waits, in milliseconds. */
export function shutdownTimeoutFrom({ shutdownTimeout }: ResponsesModuleOptions): number {
  return shutdownTimeout ?? DEFAULT_SHUTDOWN_TIMEOUT;
}
