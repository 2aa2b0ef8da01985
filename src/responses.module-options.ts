import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { TemplateEngine, type TemplateEngineOptions } from '../libs/templates/index.js';
import { DeclaredSerializer, type Validation } from './responses/declared-serializer.js';
import { publicError } from './responses/error-body.js';
import { problemBody, problemOf } from './responses/problem.js';
import type { ResponseClass } from './responses/representation.js';
import { onOneLine, type Stringify } from './responses/json.js';
import type { SchemaCache } from './schemas/schema-cache.js';
import { DEFAULT_SERVICES, type DeliveryServices } from './responses/services.js';

/** Options of `ResponsesModule`, all optional. @publicApi */
export interface ResponsesModuleOptions {
  /** The directory of the templates of `HTMLTemplateResponse`, and the helpers and partials that they can use. */
  readonly templates?: TemplateEngineOptions;
  /** How JSON is written. */
  readonly json?: {
    /** The function that writes JSON in all responses. @default JSON.stringify */
    readonly stringify?: Stringify;
  };
  /** Defaults for event streams. A response can override them. */
  readonly eventStream?: {
    /**
     * The time without an event after which a comment is sent, in milliseconds. `false` disables it. @default 15_000
     */
    readonly heartbeat?: number | false;
    /** The time clients wait before they reconnect, in milliseconds. @default the client's own */
    readonly retry?: number;
  };
  /** Limits for clients that do not read. Only `sendTimeout` applies to files. */
  readonly streams?: {
    /** The number of bytes that may wait for a client that is not reading, before it is cut off. @default 4 MiB */
    readonly maxBufferedBytes?: number;
    /**
     * The time a write may wait for the client before it is cut off, in milliseconds. `false` disables it. @default
     * 30_000
     */
    readonly sendTimeout?: number | false;
  };
  /**
   * The handling of content that does not match its declared schema.
   *
   * - `'error'` answers with a 500, and leaves out undeclared properties.
   * - `'warn'` changes nothing in responses. It logs, once for each route and path, what `'error'` would reject or
   *   change. Use it to adopt validation in an existing application.
   * - `'off'` does neither.
   *
   * @default 'error'
   */
  readonly validation?: Validation;
  /**
   * The form of errors that no filter of a controller or a route handles. `true` installs `APIErrorFilter`, `'problem'`
   * installs `ProblemFilter` (RFC 9457), `false` leaves them to Nest. To handle some exceptions yourself, install a
   * global filter with `app.useGlobalFilters()`; it runs first. @default false
   */
  readonly errors?: boolean | 'problem';
  /**
   * Response classes in addition to the built-in ones. Routes may declare the media types of their `static mediaTypes`.
   * A registered class wins over a built-in one. @default none
   */
  readonly responses?: readonly ResponseClass[];
  /** Options of `FileResponse`. */
  readonly files?: {
    /** The directory against which relative paths of a `FileResponse` are resolved. @default process.cwd() */
    readonly root?: string;
  };
  /**
   * The time shutdown waits for open streams and background tasks, in milliseconds. Streams that are not sent by then
   * are cut. @default 10_000
   */
  readonly shutdownTimeout?: number;
  /**
   * True to work around two performance problems of older engines. On Node 20 and 22, the server of an Express
   * application then creates requests and responses with Express' prototypes; `app.request` and `app.response` are
   * replaced by other objects. On Node 20 to 25, the first `process.nextTick()` object is kept alive. Has no effect on
   * later versions of Node. @default true
   */
  readonly workarounds?: boolean;
}

const DEFAULT_SHUTDOWN_TIMEOUT = 10_000;

interface Rule {
  readonly is: (value: unknown) => boolean;
  readonly text: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
// Longer Node timers fire immediately.
const LONGEST_TIMER = 2 ** 31 - 1;
const MILLISECONDS: Rule = {
  is: (value) => isNumber(value) && value > 0 && value <= LONGEST_TIMER,
  text: 'a positive number of milliseconds below 2^31',
};
const MILLISECONDS_OR_FALSE: Rule = {
  is: (value) => value === false || MILLISECONDS.is(value),
  text: `${MILLISECONDS.text}, or false`,
};
const MILLISECONDS_OR_ZERO: Rule = {
  is: (value) => value === 0 || MILLISECONDS.is(value),
  text: `${MILLISECONDS.text}, or 0`,
};
const COUNT: Rule = {
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  text: 'a non-negative integer',
};
const BOOLEAN: Rule = { is: (value) => typeof value === 'boolean', text: 'true or false' };
const FUNCTION: Rule = { is: (value) => typeof value === 'function', text: 'a function' };
const isText = (value: unknown): value is string => typeof value === 'string';
const PATH: Rule = {
  is: (value) => isText(value) && value !== '' && !value.includes('\0'),
  text: 'the path of a directory',
};
const OBJECT: Rule = {
  is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  text: 'an object',
};
const FUNCTIONS: Rule = {
  is: (value) => OBJECT.is(value) && Object.values(value as object).every(FUNCTION.is),
  text: 'an object of functions',
};
const CLASSES: Rule = {
  is: (value) => Array.isArray(value) && value.every(FUNCTION.is),
  text: 'an array of response classes',
};
const TEXTS: Rule = {
  is: (value) => OBJECT.is(value) && Object.values(value as object).every(isText),
  text: 'an object of strings',
};

type Rules = ReadonlyMap<string, Rule | Rules>;

const rulesOf = (rules: Readonly<Record<string, Rule | Rules>>): Rules =>
  new Map(Object.entries(rules));

const RULES = rulesOf({
  templates: rulesOf({
    root: PATH,
    helpers: FUNCTIONS,
    partials: TEXTS,
    cache: BOOLEAN,
  }),
  json: rulesOf({ stringify: FUNCTION }),
  eventStream: rulesOf({ heartbeat: MILLISECONDS_OR_FALSE, retry: COUNT }),
  streams: rulesOf({ maxBufferedBytes: COUNT, sendTimeout: MILLISECONDS_OR_FALSE }),
  validation: {
    is: (value) => ['error', 'warn', 'off'].includes(value as string),
    text: "'error', 'warn' or 'off'",
  },
  errors: {
    is: (value) => typeof value === 'boolean' || value === 'problem',
    text: "true, false or 'problem'",
  },
  responses: CLASSES,
  files: rulesOf({ root: PATH }),
  shutdownTimeout: MILLISECONDS_OR_ZERO,
  workarounds: BOOLEAN,
});

/** Throws a `TypeError` that names the first option that is unknown or has an invalid value. */
export function checkOptions(options: ResponsesModuleOptions): ResponsesModuleOptions {
  check('The options', options, OBJECT);
  checkMembers(options, RULES, '');
  return options;
}

function checkMembers(options: object, rules: Rules, group: string): void {
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    const name = `${group}${key}`;
    const rule = rules.get(key);
    if (!rule) {
      throw new TypeError(`ResponsesModule has no option "${name}".`);
    }
    if (value === undefined) {
      continue;
    }
    if ('is' in rule) {
      check(`The option "${name}"`, value, rule);
    } else {
      check(`The option "${name}"`, value, OBJECT);
      checkMembers(value as object, rule, `${name}.`);
    }
  }
}

function check(subject: string, value: unknown, { is, text }: Rule): void {
  if (!is(value)) {
    throw new TypeError(`${subject} of ResponsesModule must be ${text}, got ${inspect(value)}.`);
  }
}

/**
 * Creates the services for responses from the module's options. Throws a `TemplateSyntaxError` for a partial that
 * cannot be compiled.
 */
export function servicesFrom(
  {
    templates,
    json,
    eventStream,
    streams,
    files,
    validation = 'error',
    errors,
  }: ResponsesModuleOptions,
  schemas: SchemaCache,
  onShutdown: DeliveryServices['onShutdown'],
): DeliveryServices {
  const defaults = DEFAULT_SERVICES;
  const stringify = json?.stringify ?? defaults.stringify;
  const engine = new TemplateEngine(templates);
  return {
    stringify,
    stringifyLine: json?.stringify ? onOneLine(json.stringify) : defaults.stringifyLine,
    serializer: new DeclaredSerializer(stringify, schemas, validation),
    renderTemplate: (name, context) => engine.render(name, context),
    eventStream: {
      heartbeat: eventStream?.heartbeat ?? defaults.eventStream.heartbeat,
      retry: eventStream?.retry ?? defaults.eventStream.retry,
    },
    streams: {
      maxBufferedBytes: streams?.maxBufferedBytes ?? defaults.streams.maxBufferedBytes,
      sendTimeout: streams?.sendTimeout ?? defaults.streams.sendTimeout,
    },
    describeError: describeErrorFrom({ errors }),
    // Resolved now, because the working directory of a process may change.
    files: { root: resolve(files?.root ?? defaults.files.root) },
    onShutdown,
  };
}

/** Describes an exception as the data of an event `error`, in the form of the option `errors`. */
export function describeErrorFrom({
  errors,
}: Pick<ResponsesModuleOptions, 'errors'>): DeliveryServices['describeError'] {
  return errors === 'problem'
    ? (exception) => problemBody(problemOf(publicError(exception)))
    : DEFAULT_SERVICES.describeError;
}

/** Returns the time that shutdown waits, in milliseconds. */
export function shutdownTimeoutFrom({ shutdownTimeout }: ResponsesModuleOptions): number {
  return shutdownTimeout ?? DEFAULT_SHUTDOWN_TIMEOUT;
}
