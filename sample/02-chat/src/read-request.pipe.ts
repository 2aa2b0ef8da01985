import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidRequestException } from './invalid-request.exception.js';

/** Validates the body. Throws an `InvalidRequestException` that names the first invalid part. */
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

/** Formats a path as code, e.g. `messages[0].role`. */
function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
