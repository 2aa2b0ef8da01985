import {
  NotAcceptableException,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Observable } from 'rxjs';
import { headersOf, type PlatformReply } from '../exchange/create-exchange.js';
import { mergeVary } from '../exchange/header-store.js';
import { negotiateMediaType } from './negotiate-media-type.js';
import { setNegotiatedRoute } from './negotiated-route.js';
import type { RouteContract } from './route-contract.js';

/** Agrees with the client on one of the media types that a route declares, before its pipes and handler run. */
export class ResponsesInterceptor implements NestInterceptor {
  constructor(private readonly contract: RouteContract) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<IncomingMessage>();
    const reply = http.getResponse<PlatformReply>();
    const mediaType = this.negotiate(request.headers.accept, reply);
    setNegotiatedRoute(request, { contract: this.contract, mediaType, reply });
    return next.handle();
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
