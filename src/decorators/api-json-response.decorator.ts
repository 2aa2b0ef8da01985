import type { Observable } from 'rxjs';
import { APIResponse } from '../responses/buffered/api-response.js';
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

/** Options of `@ApiJSONResponse()`. @publicApi */
export interface ApiJSONResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {}

/**
 * Declares that a route answers with JSON: a value, or an Observable of one.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares the value
 *
 * @publicApi
 */
export function ApiJSONResponse<const TOptions extends ApiJSONResponseOptions>(
  options: TOptions = {} as TOptions,
): JSONHandlerDecorator<TOptions, DeclaredValue<TOptions>> {
  return declareContent([APIResponse], options);
}

type JSONHandlerDecorator<TOptions, TValue> = DeclaredHandlerDecorator<
  TOptions,
  TValue | Observable<TValue> | Response
>;
