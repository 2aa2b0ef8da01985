import type { Observable } from 'rxjs';
import { HTMLResponse } from '../responses/buffered/html-response.js';
import type { Response } from '../responses/response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type { DeclaredHandlerDecorator } from './handler-decorator.js';

/** Options of `@ApiHTMLResponse()`. @publicApi */
export interface ApiHTMLResponseOptions extends ResponseDescription, ResponseExamples {}

/**
 * Declares that a route answers with an HTML page. A returned string becomes an `HTMLResponse`.
 *
 * @param options the options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiHTMLResponse<const TOptions extends ApiHTMLResponseOptions>(
  options: TOptions = {} as TOptions,
): DeclaredHandlerDecorator<TOptions, string | Observable<string> | Response> {
  return declareContent([HTMLResponse], { ...options, schema: { type: 'string' } });
}
