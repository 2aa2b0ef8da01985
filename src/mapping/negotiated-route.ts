import type { PlatformReply } from '../exchange/create-exchange.js';
import type { DeclaredSerializer } from '../responses/declared-serializer.js';
import type { RouteContract } from './route-contract.js';

/** A request to a route that declares what it answers, and what was agreed on with its client. */
export interface NegotiatedRoute {
  readonly contract: RouteContract;
  readonly mediaType: string;
  readonly reply: PlatformReply;
  /** The serializer of the application that answers the request, once it does. */
  serializer: DeclaredSerializer | undefined;
}

/** Where it is noted: on the request, as a `WeakMap` costs a small answer a third of what Nest and Fastify take for it. */
const ROUTE = Symbol('nestjs-responses:route');

interface NotedRequest {
  [ROUTE]?: NegotiatedRoute;
}

/** Notes what was agreed on for a request of the platform. */
export function setNegotiatedRoute(request: object, route: NegotiatedRoute): void {
  (request as NotedRequest)[ROUTE] = route;
}

/** What was agreed on for a request of the platform; undefined where its route declares nothing. */
export function negotiatedRoute(request: object): NegotiatedRoute | undefined {
  return (request as NotedRequest)[ROUTE];
}
