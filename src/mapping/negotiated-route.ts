import type { PlatformReply } from '../exchange/create-exchange.js';
import type { DeclaredSerializer } from '../responses/declared-serializer.js';
import { isResponse, type Response } from '../responses/response.js';
import type { RouteContract } from './route-contract.js';

/** A request to a bound route, with the negotiated media type. */
export interface NegotiatedRoute {
  readonly contract: RouteContract;
  readonly mediaType: string;
  readonly reply: PlatformReply;
  /** The serializer of the application that answers the request. Undefined until it answers. */
  serializer: DeclaredSerializer | undefined;
  /** The response of the handler, before interceptors and exception filters. */
  handled: Response | undefined;
}

/** The key on the request. A `WeakMap` would add a third to the cost of a small response. */
const ROUTE = Symbol.for('nestjs-responses:route');

interface NotedRequest {
  [ROUTE]?: NegotiatedRoute;
}

/** Stores the negotiated route on a request of the platform. */
export function setNegotiatedRoute(request: object, route: NegotiatedRoute): void {
  (request as NotedRequest)[ROUTE] = route;
}

/** The negotiated route of a request of the platform. Undefined if its route is not bound. */
export function negotiatedRoute(request: object): NegotiatedRoute | undefined {
  return (request as NotedRequest)[ROUTE];
}

/** Stores the response that a handler returned, if it is one. Returns the value. */
export function noteHandled(value: unknown, route: NegotiatedRoute): unknown {
  if (isResponse(value)) {
    route.handled = value;
  }
  return value;
}
