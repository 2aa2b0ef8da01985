import type { ErrorObject } from 'ajv';
import { jsonPath } from '../json-path.js';
import { distinct } from '../violation.js';
import type { Violation } from '../violation.js';

const MAX_ERRORS = 1000;

/** The message for a missing property. */
export const REQUIRED = 'is required';

/**
 * Converts the errors that Ajv found in `value`, up to the first 1,000. Ajv's messages mention only the schema. The
 * value is needed only for paths.
 */
export function violationsOf(errors: readonly ErrorObject[], value: unknown): Violation[] {
  // Ajv also reports an "if" error beside the errors of the failed branch.
  const telling = errors.slice(0, MAX_ERRORS).filter(({ keyword }) => keyword !== 'if');
  return distinct(telling.map((error) => violationOf(error, value)));
}

function violationOf(error: ErrorObject, value: unknown): Violation {
  const path = segmentsOf(error.instancePath, value);
  const { missingProperty, additionalProperty, passingSchemas }: Record<string, unknown> =
    error.params;
  switch (error.keyword) {
    case 'required':
      return { path: jsonPath([...path, String(missingProperty)]), message: REQUIRED };
    case 'additionalProperties':
      return { path: jsonPath([...path, String(additionalProperty)]), message: 'is not allowed' };
    case 'oneOf':
      return {
        path: jsonPath(path),
        message: Array.isArray(passingSchemas)
          ? 'matches more than one schema of oneOf: tell them apart by a discriminator, or declare anyOf'
          : 'matches no schema of oneOf',
      };
    case 'anyOf':
      return { path: jsonPath(path), message: 'matches no schema of anyOf' };
    default:
      return { path: jsonPath(path), message: error.message ?? `violates "${error.keyword}"` };
  }
}

/** RFC 6901: `/items/3` is the fourth item if `items` is an array, otherwise a property named "3". */
function segmentsOf(pointer: string, value: unknown): PropertyKey[] {
  let place = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const segment = Array.isArray(place) ? Number(name) : name;
      place = typeof place === 'object' && place !== null ? Reflect.get(place, name) : undefined;
      return segment;
    });
}
