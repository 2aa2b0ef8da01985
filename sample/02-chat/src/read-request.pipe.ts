import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidRequestException } from './invalid-request.exception.js';

/** Holds the body to its schema; an `InvalidRequestException` names the first thing in it that is wrong. */
export const readRequest = new StandardSchemaValidationPipe({
  exceptionFactory: ([issue]) => {
    const param = pathOf(issue?.path ?? []);
    const what = param === '' ? 'The body' : `"${param}"`;
    const why = issue?.message.replace(/^Invalid input: /, '');
    return new InvalidRequestException(`${what} is not valid: ${why}.`, {
      param: param || null,
      code: 'invalid_value',
    });
  },
});

/** A path as a program would write it, e.g. `messages[0].role`. */
function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
