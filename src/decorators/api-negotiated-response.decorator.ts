import type { Observable } from 'rxjs';
import type { StreamContent } from '../../libs/streams/index.js';
import type { Response } from '../responses/response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type {
  DeclaredHandlerDecorator,
  DeclaredValue,
  ItemDeclaration,
} from './handler-decorator.js';

/** Options of `@ApiNegotiatedResponse()`. @publicApi */
export interface ApiNegotiatedResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {
  /**
   * The media types to choose from, negotiated by the request's `Accept`. The first one wins a tie. Each needs a
   * built-in response class or one from the module's option `responses`.
   */
  readonly mediaTypes: readonly [string, ...string[]];
}

/** For a list: an array or any source of its items. Otherwise a value, or an Observable of one. */
type Negotiable<TValue> = TValue extends readonly (infer TItem)[]
  ? TValue | StreamContent<TItem>
  : TValue | Observable<TValue>;

/**
 * Declares that a route answers in several media types, negotiated by the request's `Accept`. Responds with 406 before
 * the handler runs if the client accepts none of them.
 *
 * For a list, e.g. `type: [Puppy]`, streamed media types get the items, and the others the whole array.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares the value
 *
 * @publicApi
 */
export function ApiNegotiatedResponse<const TOptions extends ApiNegotiatedResponseOptions>({
  mediaTypes,
  ...options
}: TOptions): DeclaredHandlerDecorator<TOptions, Negotiable<DeclaredValue<TOptions>> | Response> {
  return declareContent(mediaTypes, options, { takesObservable: true });
}
