import { IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';

/** An Express application, with what its requests and responses inherit from. */
export interface ExpressApplication extends RequestListener {
  request: object;
  response: object;
}

type Emit = (this: Server, event: string, ...args: unknown[]) => boolean;

/** The events by which a server of Node hands messages over. */
const HANDING_OVER: ReadonlySet<string> = new Set([
  'request',
  'checkContinue',
  'checkExpectation',
  'upgrade',
  'connect',
  'dropRequest',
]);

/**
 * Has a server create the messages of an Express application with the prototypes that Express gives them, which gives
 * them to Node's own, one by one, by `Object.setPrototypeOf()`. Does nothing to a server with message classes or an
 * `emit()` of its own.
 *
 * The engine of Node 20 and 22 shares no shapes among objects whose prototype was changed: it makes a new one for each
 * property that is added to one of them later, a dozen for each request, which is more than half of what a small answer
 * costs. It shares them among objects of a class. The prototype of a class cannot be set, so it is put in the place of
 * the application's.
 */
export function createExpressMessages(
  server: Server | undefined,
  app: RequestListener & Partial<ExpressApplication>,
): void {
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
    // Others get Node's own: of what Express makes of a request, `query` cannot be set, as Primus does.
    if (HANDING_OVER.has(event) && !isForExpressAlone(event)) {
      for (const message of args) {
        if (message instanceof Request) {
          Object.setPrototypeOf(message, IncomingMessage.prototype);
        } else if (message instanceof Response) {
          Object.setPrototypeOf(message, ServerResponse.prototype);
        }
      }
    }
    // Looked up each time, as instrumentation replaces it at any time.
    const { emit } = Object.getPrototypeOf(server) as { emit: Emit };
    return emit.call(server, event, ...args);
  };
}

/** The place where a server keeps its option of this default, a symbol of Node's own, if it has the default. */
function findOption<T extends object>(
  server: Server,
  byDefault: T,
): { set: (value: T) => void } | undefined {
  const options = server as unknown as Record<symbol, unknown>;
  const key = Object.getOwnPropertySymbols(options).find((symbol) => options[symbol] === byDefault);
  return key && { set: (value) => (options[key] = value) };
}

/** Makes the same of a prototype as another is, which from then on inherits from it, as others may inherit from that. */
function replace(old: object, prototype: object): object {
  Reflect.deleteProperty(prototype, 'constructor');
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(old));
  Object.setPrototypeOf(prototype, Object.getPrototypeOf(old) as object);
  Object.setPrototypeOf(old, prototype);
  return prototype;
}
