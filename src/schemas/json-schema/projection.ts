/** Deeper than this, a value is taken for one that contains itself. Jackson, too, reads 1,000 levels and no more. */
export const MAX_DEPTH = 1000;

/**
 * Makes of a value its JSON form, cut to what is declared: new arrays and plain objects that hold strings, numbers,
 * booleans and null, and a BigInt where an integer is declared that no number holds. Undefined where JSON would write
 * nothing. The value is only read.
 */
export type Project = (value: unknown, run: Run) => unknown;

/** The state of a running projection. */
export class Run {
  /** True if the result contains a BigInt. */
  bigints = false;

  depth = 0;

  /** @param trail gets the objects and arrays that the projection is in, for who wants to know where it failed */
  constructor(readonly trail?: TrailStep[]) {}
}

/** An object or array on the way to a value, as it is and as its `toJSON()` gives it. */
export interface TrailStep {
  readonly value: object;
  readonly form: object;
}

/** A value that has no JSON form. The message follows its path: `is a Promise. …`. */
export class UnsupportedValueError extends TypeError {}

/** A value that is nested without end, or nearly so. */
export class NestingError extends UnsupportedValueError {
  constructor() {
    super(`is nested deeper than ${MAX_DEPTH} levels`);
  }
}
