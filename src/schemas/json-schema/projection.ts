/** A value that is nested deeper counts as circular. Jackson also stops at 1,000 levels. */
export const MAX_DEPTH = 1000;

/**
 * Returns the declared part of the JSON form of a value: new arrays and plain objects of strings, numbers, booleans and
 * null, and BigInts for declared integers that no number can represent. Undefined if JSON would write nothing. Does not
 * change the value.
 */
export type Project = (value: unknown, run: Run) => unknown;

/** The state of a running projection. */
export class Run {
  /** True if the result contains a BigInt. */
  bigints = false;

  depth = 0;

  /** @param trail receives the objects and arrays on the current path, to locate a failure */
  constructor(readonly trail?: TrailStep[]) {}
}

/** An object or array on the path to a value, before and after its `toJSON()`. */
export interface TrailStep {
  readonly value: object;
  readonly form: object;
}

/** A value that has no JSON form. The message follows its path: `is a Promise. …`. */
export class UnsupportedValueError extends TypeError {}

/** A value that is nested without end, or too deeply. */
export class NestingError extends UnsupportedValueError {
  constructor() {
    super(`is nested deeper than ${MAX_DEPTH} levels`);
  }
}
