import { jsonPath } from '../json-path.js';
import type { Violation } from '../violation.js';
import type { TrailStep } from './projection.js';

/** Returns the place where an object first repeats on `trail`, the path to a value that is nested without end. */
export function circularViolation(trail: readonly TrailStep[]): Violation | undefined {
  const positions = new Map<object, number>();
  for (const [index, { value }] of trail.entries()) {
    const first = positions.get(value);
    if (first !== undefined) {
      return {
        path: jsonPath(keysOf(trail.slice(0, index + 1))),
        message: `is circular: it is ${jsonPath(keysOf(trail.slice(0, first + 1)))} again`,
      };
    }
    positions.set(value, index);
  }
  return undefined;
}

/** Returns the names and indexes along `trail`. */
export function keysOf(trail: readonly TrailStep[]): PropertyKey[] {
  return trail.slice(1).map(({ value }, index) => {
    const parent = trail[index]?.form;
    return Array.isArray(parent)
      ? parent.indexOf(value)
      : (namesOf(parent).find(
          (name) => parent !== undefined && Reflect.get(parent, name) === value,
        ) ?? '?');
  });
}

/** Returns the names of the properties of `object`, including getters and others from its classes. */
function namesOf(object: object | undefined): string[] {
  const names: string[] = [];
  for (
    let owner: object | null = object ?? null;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    names.push(...Object.getOwnPropertyNames(owner));
  }
  return names;
}
