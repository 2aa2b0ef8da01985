import { IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';

/** An Express application, with the prototypes of its requests and responses. */
export interface ExpressApplication extends RequestListener {
  request: object;
  response: object;
}

type Emit = (this: Server, event: string, ...args: unknown[]) => boolean;

/** The events of a Node server that pass a request or a response to listeners. */
const HANDING_OVER: ReadonlySet<string> = new Set([
  'request',
  'checkContinue',
  'checkExpectation',
  'upgrade',
  'connect',
  'dropRequest',
]);

/**
 * True on Node 20 to 23, where the workaround reduces the CPU time of a small response on Express to a third (`npm run
 * bench -- undeclared-route`). Newer engines share shapes between objects whose prototype was changed.
 *
 * Delete this folder in May 2027, when Node 22 is out of support.
 */
export const NEEDS_EXPRESS_MESSAGES = Number.parseInt(process.versions.node, 10) < 24;

/**
 * Makes a server create its requests and responses with the prototypes of an Express application. Express itself
 * changes the prototype of each message with `Object.setPrototypeOf()`. Does nothing on a Node version that does not
 * need it, or if the server has message classes or an `emit()` of its own.
 *
 * The engine of Node 20 and 22 shares no shapes between objects whose prototype was changed. It creates a new shape for
 * each property that is added later, about a dozen per request. This is more than half of the cost of a small response.
 * It does share shapes between instances of a class. The `prototype` of a class is read-only, so the class's prototype
 * replaces that of the application.
 */
export function createExpressMessages(
  server: Server | undefined,
  app: RequestListener & Partial<ExpressApplication>,
): void {
  if (!NEEDS_EXPRESS_MESSAGES) {
    return;
  }
  const requests = server && findOption(server, IncomingMessage);
  const responses = server && findOption(server, ServerResponse);
  if (!requests || !responses || !app.request || !app.response || Object.hasOwn(server, 'emit')) {
    return;
  }
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  app.request = replace(app.request, Request.prototype);
  app.response = replace(app.response, Response.prototype);
  requests.set(Request);
  responses.set(Response as typeof ServerResponse);
  const isForExpressAlone = (event: string) => {
    const [listener, another] = server.listeners(event);
    return event === 'request' && listener === app && !another;
  };
  server.emit = (event: string, ...args: unknown[]) => {
    // Other listeners get Node's own messages. E.g. Primus sets `query`, which is read-only on an Express request.
    if (HANDING_OVER.has(event) && !isForExpressAlone(event)) {
      for (const message of args) {
        if (message instanceof Request) {
          Object.setPrototypeOf(message, IncomingMessage.prototype);
        } else if (message instanceof Response) {
          Object.setPrototypeOf(message, ServerResponse.prototype);
        }
      }
    }
    // Looked up each time, because instrumentation may replace it at any time.
    const { emit } = Object.getPrototypeOf(server) as { emit: Emit };
    return emit.call(server, event, ...args);
  };
}

/** Finds the symbol under which a server keeps an option; undefined unless the option has this default value. */
function findOption<T extends object>(
  server: Server,
  byDefault: T,
): { set: (value: T) => void } | undefined {
  const options = server as unknown as Record<symbol, unknown>;
  const key = Object.getOwnPropertySymbols(options).find((symbol) => options[symbol] === byDefault);
  return key && { set: (value) => (options[key] = value) };
}

/**
 * Copies a prototype to another one. The old one then inherits from the new one, for objects that inherit from the old.
 */
function replace(old: object, prototype: object): object {
  Reflect.deleteProperty(prototype, 'constructor');
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(old));
  Object.setPrototypeOf(prototype, Object.getPrototypeOf(old) as object);
  Object.setPrototypeOf(old, prototype);
  return prototype;
}
