import { isObject } from './error-body.js';

/** One of several errors of a request. */
export interface ErrorItem {
  readonly detail: string;
  /** The JSON Pointer of the invalid value, as a URI fragment, e.g. `#/owner/name`. Source: RFC 6901, section 6. */
  readonly pointer?: string;
  /** The kind of error, if the validator names one, e.g. `too_small`. */
  readonly code?: string;
}

/** The maximum nesting depth of class-validator errors. Deeper ones are left out. */
const MAX_DEPTH = 100;

/**
 * Describes the errors of a validator: messages, issues of a Standard Schema or Zod, and errors of class-validator.
 * Other objects are kept as they are.
 */
export function errorItems(errors: readonly unknown[]): unknown[] {
  return errors.flatMap((error) => {
    if (!isObject(error)) {
      return { detail: String(error) };
    }
    if (typeof error['property'] === 'string' && (error['constraints'] || error['children'])) {
      return validationItems(error, [], 0);
    }
    const { message, path, code } = error;
    return typeof message === 'string' && Array.isArray(path)
      ? {
          detail: message,
          pointer: pointerOf(path.map(keyOf)),
          ...(typeof code === 'string' && { code }),
        }
      : error;
  });
}

/** Returns the JSON Pointer of a path, as a URI fragment. Source: RFC 6901, section 6. */
export function pointerOf(path: readonly unknown[]): string {
  const tokens = path.map((key) => {
    const token = String(key).replaceAll('~', '~0').replaceAll('/', '~1');
    // A lone surrogate has no UTF-8 form, and `encodeURIComponent()` would throw.
    return `/${encodeURIComponent(token.replace(/\p{Surrogate}/gu, '\uFFFD'))}`;
  });
  return `#${tokens.join('')}`;
}

/** A segment of a Standard Schema's path is a key, or an object that holds one. */
function keyOf(segment: unknown): unknown {
  return isObject(segment) && 'key' in segment ? segment['key'] : segment;
}

function validationItems(
  { property, constraints, children }: Readonly<Record<string, unknown>>,
  parents: readonly unknown[],
  depth: number,
): ErrorItem[] {
  if (depth > MAX_DEPTH) {
    return [];
  }
  const path = [...parents, property];
  const own = Object.entries(isObject(constraints) ? constraints : {}).map(([code, message]) => ({
    detail: String(message),
    pointer: pointerOf(path),
    code,
  }));
  const nested = Array.isArray(children) ? children.filter(isObject) : [];
  return [...own, ...nested.flatMap((child) => validationItems(child, path, depth + 1))];
}
