import { TemplateEngine } from '../../libs/templates/index.js';
import { SchemaCache } from '../schemas/schema-cache.js';
import { DeclaredSerializer } from './declared-serializer.js';
import { errorBody, publicError } from './error-body.js';
import type { Stringify } from './json.js';

/** What the module lends to a response while it is delivered: its options and the life of the application. */
export interface DeliveryServices {
  /** Writes JSON. @default JSON.stringify */
  readonly stringify: Stringify;
  /** The same on a single line, for what is sent line by line. @default JSON.stringify */
  readonly stringifyLine: Stringify;
  /** Keeps what is sent to what is declared. */
  readonly serializer: DeclaredSerializer;
  /** Renders a template of the root, by its name, to HTML. */
  readonly renderTemplate: (name: string, context: unknown) => Promise<string>;
  /** What every event stream does, unless its response says otherwise. */
  readonly eventStream: {
    /** Milliseconds of silence after which a comment is sent; `false`: none. @default 15_000 */
    readonly heartbeat: number | false;
    /** Milliseconds that a client waits before it reconnects, told at the start of each stream; undefined: its own. */
    readonly retry: number | undefined;
  };
  /** What a client that does not read is allowed. */
  readonly streams: {
    /** How much may wait for a client that is not reading, in bytes. @default 4 MiB */
    readonly maxBufferedBytes: number;
    /** How long a write may wait for the client, in milliseconds; `false`: for good. @default 30_000 */
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
   * Has a body ended when the application shuts down, at once if it already does.
   *
   * @returns what to call when the body has ended by itself.
   */
  readonly onShutdown: (body: OpenBody) => () => void;
}

/** A body that is being sent. */
export interface OpenBody {
  /** Ends it properly, once the client has taken what waits for it. */
  end(): void;
  /** Cuts it: the client has taken too long. */
  cut(): void;
}

let defaultEngine: TemplateEngine | undefined;

/** Those of an application that does not import the module, and its defaults. */
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
