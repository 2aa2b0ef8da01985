import { NotAcceptableException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { headersOf, type PlatformReply } from '../exchange/create-exchange.js';
import { mergeVary } from '../exchange/header-store.js';
import { negotiateMediaType } from './negotiate-media-type.js';
import { setNegotiatedRoute } from './negotiated-route.js';
import type { RouteContract } from './route-contract.js';

/**
 * Negotiates one of the declared media types. Runs after the other guards of the route and before its interceptors,
 * because an interceptor may answer instead of the handler, e.g. `CacheInterceptor`.
 */
export class ResponsesGuard implements CanActivate {
  constructor(private readonly contract: RouteContract) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') {
      // E.g. a handler that also serves a microservice through `@MessagePattern()`.
      return true;
    }
    const http = context.switchToHttp();
    const request = http.getRequest<IncomingMessage>();
    const reply = http.getResponse<PlatformReply>();
    const mediaType = this.negotiate(request.headers.accept, reply);
    setNegotiatedRoute(request, {
      contract: this.contract,
      mediaType,
      reply,
      serializer: undefined,
      handled: undefined,
    });
    return true;
  }

  private negotiate(accept: string | undefined, reply: PlatformReply): string {
    const { mediaTypes } = this.contract;
    const [only] = mediaTypes;
    if (mediaTypes.length === 1 && only !== undefined) {
      return only;
    }
    mergeVary(headersOf(reply), 'Accept');
    const mediaType = negotiateMediaType(mediaTypes, accept);
    if (mediaType === undefined) {
      throw new NotAcceptableException(`This route answers ${mediaTypes.join(' or ')}.`);
    }
    return mediaType;
  }
}
