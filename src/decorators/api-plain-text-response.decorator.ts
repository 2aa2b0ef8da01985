import type { Observable } from 'rxjs';
import { PlainTextResponse } from '../responses/buffered/plain-text-response.js';
import type { Response } from '../responses/response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type { DeclaredHandlerDecorator } from './handler-decorator.js';

/** Options of `@ApiPlainTextResponse()`. @publicApi */
export interface ApiPlainTextResponseOptions extends ResponseDescription, ResponseExamples {}

/**
 * Declares that a route answers with plain text. A returned string becomes a `PlainTextResponse`.
 *
 * @param options the options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiPlainTextResponse<const TOptions extends ApiPlainTextResponseOptions>(
  options: TOptions = {} as TOptions,
): DeclaredHandlerDecorator<TOptions, string | Observable<string> | Response> {
  return declareContent([PlainTextResponse], { ...options, schema: { type: 'string' } });
}
