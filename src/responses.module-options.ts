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
  /** Where the templates of `HTMLTemplateResponse` are, and what they can name. */
  readonly templates?: TemplateEngineOptions;
  /** How JSON is written. */
  readonly json?: {
    /** Writes JSON wherever a response does. @default JSON.stringify */
    readonly stringify?: Stringify;
  };
  /** What every event stream does, unless its response says otherwise. */
  readonly eventStream?: {
    /** Silence after which an event stream sends a comment, in milliseconds; `false`: none. @default 15_000 */
    readonly heartbeat?: number | false;
    /** How long clients wait before they reconnect, in milliseconds. @default each client's own */
    readonly retry?: number;
  };
  /** What a client that does not read is allowed; of files, `sendTimeout` alone. */
  readonly streams?: {
    /** How much may wait for a client that is not reading, in bytes, before it is cut. @default 4 MiB */
    readonly maxBufferedBytes?: number;
    /** How long a write may wait for the client before it is cut, in milliseconds; `false`: for good. @default 30_000 */
    readonly sendTimeout?: number | false;
  };
  /**
   * What becomes of content that does not conform to the schema declared for it: `'error'` fails it as a 500, and leaves
   * out what is not declared; `'warn'` changes nothing on the wire and logs, once for each route and path, what `'error'`
   * would refuse or change, the way to adopt it in an existing application; `'off'` does neither. @default 'error'
   */
  readonly validation?: Validation;
  /**
   * The form of errors that no filter of a controller or a route answers: `true` installs `APIErrorFilter`, `'problem'`
   * installs `ProblemFilter` (RFC 9457), `false` leaves them to Nest. Install a global filter of your own for some
   * exceptions by `app.useGlobalFilters()`; it runs first. @default false
   */
  readonly errors?: boolean | 'problem';
  /**
   * Response classes that join the built-in ones: routes may declare the media types of their `static mediaTypes`. A
   * registered class wins over a built-in one. @default none
   */
  readonly responses?: readonly ResponseClass[];
  /** Where files are. */
  readonly files?: {
    /** The directory that relative paths of a `FileResponse` are resolved from. @default process.cwd() */
    readonly root?: string;
  };
  /**
   * How long shutdown waits for open streams and background tasks, in milliseconds; streams that clients have not taken
   * by then are cut. @default 10_000
   */
  readonly shutdownTimeout?: number;
  /**
   * Whether the module works around two performance problems of older engines. On Node 20 and 22 it makes the server of
   * an Express application create requests and responses with Express' prototypes; `app.request` and `app.response` are
   * then other objects. On Node 20 to 24 it keeps the first `process.nextTick()` object alive. `false` leaves both as
   * they are. Has no effect on later versions of Node. @default true
   */
  readonly workarounds?: boolean;
}

const DEFAULT_SHUTDOWN_TIMEOUT = 10_000;

interface Rule {
  readonly is: (value: unknown) => boolean;
  readonly text: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
// A longer timer of Node's runs out at once.
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

/** Throws a `TypeError` that names the first option which is unknown or has a value that it cannot have. */
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
      throw new TypeError(`ResponsesModule knows no option "${name}".`);
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
 * What the module lends to responses by its options. Throws a `TemplateSyntaxError` for a partial among them that cannot
 * be compiled.
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
    // Resolved now, as the working directory of a process may change.
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

/** How long shutdown waits, in milliseconds. */
export function shutdownTimeoutFrom({ shutdownTimeout }: ResponsesModuleOptions): number {
  return shutdownTimeout ?? DEFAULT_SHUTDOWN_TIMEOUT;
}
