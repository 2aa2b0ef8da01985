import { TemplateEngine } from '../../libs/templates/index.js';
import { SchemaCache } from '../schemas/schema-cache.js';
import { DeclaredSerializer } from './declared-serializer.js';
import { errorBody, publicError } from './error-body.js';
import type { Stringify } from './json.js';

/** The module's options and the application's shutdown, as needed to deliver a response. */
export interface DeliveryServices {
  /** Writes JSON. @default JSON.stringify */
  readonly stringify: Stringify;
  /** Writes JSON on a single line, for streams of lines. @default JSON.stringify */
  readonly stringifyLine: Stringify;
  /** Validates content by its schema and writes the declared part. */
  readonly serializer: DeclaredSerializer;
  /** Renders a template to HTML, by its name below the root. */
  readonly renderTemplate: (name: string, context: unknown) => Promise<string>;
  /** Defaults of event streams. A response can override them. */
  readonly eventStream: {
    /** The time without an event after which a comment is sent, in milliseconds. `false` disables it. @default 15_000 */
    readonly heartbeat: number | false;
    /** The time a client waits before it reconnects, in milliseconds. Undefined for the client's own default. */
    readonly retry: number | undefined;
  };
  /** Limits for clients that do not read. */
  readonly streams: {
    /** The number of bytes that may be buffered for a client that is not reading. @default 4 MiB */
    readonly maxBufferedBytes: number;
    /** The time a write may wait for the client, in milliseconds. `false` for no limit. @default 30_000 */
    readonly sendTimeout: number | false;
  };
  /** Describes an exception as the data of an event `error`. @default the body of an `APIErrorResponse` */
  readonly describeError: (exception: unknown) => object;
  /** Where files are. */
  readonly files: {
    /** The directory that relative paths are resolved from. @default process.cwd() */
    readonly root: string;
  };
  /**
   * Registers a body to be ended on shutdown. Ends it immediately if the application is already shutting down.
   *
   * @returns a function to call when the body has ended by itself
   */
  readonly onShutdown: (body: OpenBody) => () => void;
}

/** The token of `RunServices`, the same for two loaded copies of this package. */
export const RUN_SERVICES = Symbol.for('nestjs-responses:run-services');

/** The module's part in work that goes on without a client. */
export interface RunServices {
  /** Has the shutdown of the application wait for work until it settles, up to `shutdownTimeout`. It must not reject. */
  readonly track: (task: Promise<void>) => void;
  /** Describes an exception as the data of an event `error`. */
  readonly describeError: (exception: unknown) => object;
}

/** A body that is being sent. */
export interface OpenBody {
  /** The route of a streamed response, e.g. `GET /runs/:id/events`. @default none: `OpenStreams` does not count it */
  readonly route?: string;
  /** Ends it properly, after the client has read the buffered part. */
  end(): void;
  /** Closes the connection, because the client took too long. */
  cut(): void;
}

let defaultEngine: TemplateEngine | undefined;

/** The defaults, also used by an application that does not import the module. */
export const DEFAULT_SERVICES: DeliveryServices = {
  stringify: JSON.stringify,
  stringifyLine: JSON.stringify,
  serializer: new DeclaredSerializer(JSON.stringify, new SchemaCache(), 'error'),
  renderTemplate: (name, context) => (defaultEngine ??= new TemplateEngine()).render(name, context),
  eventStream: { heartbeat: 15_000, retry: undefined },
  streams: { maxBufferedBytes: 4 * 1024 * 1024, sendTimeout: 30_000 },
  describeError: (exception) => errorBody(publicError(exception)),
  files: { root: '.' },
  onShutdown: () => () => undefined,
};
