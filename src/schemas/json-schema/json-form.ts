import { isDate } from 'node:util/types';
import type { JSONSchemaObject } from './json-schema.js';
import { UnsupportedValueError } from './projection.js';

const KEYS = new Set(['string', 'number', 'bigint']);
const HINTS: ReadonlyMap<string, string> = new Map([
  ['Promise', 'is a Promise. Await it before it is sent.'],
  ['Map', 'is a Map with keys that are not strings. Send strings or numbers as keys.'],
]);
const BOXES = [String, Number, Boolean, BigInt];

/** How values that JSON has no kind for are written at one place of a schema. */
export interface JSONFormRules {
  /** A `Date` is a day, not an instant. */
  readonly day: boolean;

  /** How bytes become text; undefined where they stay what their `toJSON()` makes of them. */
  readonly bytes: 'base64' | 'base64url' | undefined;
}

/** The rules at a place of which `leaves` speak. */
export function jsonFormRules(leaves: readonly JSONSchemaObject[]): JSONFormRules {
  const formats = new Set(leaves.map(({ format }) => format));
  const encodings = new Set(leaves.map(({ contentEncoding }) => contentEncoding));
  return {
    day: formats.has('date') && !formats.has('date-time'),
    bytes: encodings.has('base64url')
      ? 'base64url'
      : encodings.has('base64') || formats.has('byte') || formats.has('binary')
        ? 'base64'
        : undefined,
  };
}

/**
 * What JSON makes of an object before it looks at its properties, as `JSON.stringify` does: the result of `toJSON()`, or
 * the primitive that the object boxes. Beyond that, by `rules`: a `Date` as its day in UTC, as `toJSON()` has it, and
 * bytes as text. JSON would write collections as `{}`: a `Set` and a typed array are arrays here, a `Map` is an object.
 */
export function jsonForm(value: object, { day, bytes }: JSONFormRules): unknown {
  const { toJSON }: { toJSON?: unknown } = value;
  // Nearly all are told here. Only boxes and dates have a valueOf() of their own, only bytes have neither.
  if (toJSON === undefined && value.valueOf === Object.prototype.valueOf && bytes === undefined) {
    return Symbol.iterator in value ? collectionForm(value) : value;
  }
  if (bytes !== undefined && value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(bytes);
  }
  if (day && isDate(value)) {
    // An invalid date is null in JSON, where toISOString() throws.
    return value.toJSON()?.replace(/T.*$/, '') ?? null;
  }
  if (typeof toJSON === 'function') {
    return toJSON.call(value);
  }
  return BOXES.some((Box) => value instanceof Box) ? value.valueOf() : collectionForm(value);
}

/** A `Set` or a typed array as an array, a `Map` as an object, anything else as it is. */
function collectionForm(value: object): object {
  if (value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return [...(value as Iterable<unknown>)];
  }
  return value instanceof Map ? mapForm(value) : value;
}

/** A `Map` as it is if JSON has no form for its keys. */
function mapForm(map: ReadonlyMap<unknown, unknown>): object {
  return [...map.keys()].every((key) => KEYS.has(typeof key))
    ? Object.fromEntries([...map].map(([key, value]) => [String(key), value]))
    : map;
}

/**
 * Checks an object that JSON would write as `{}`.
 *
 * @throws UnsupportedValueError if it has something to tell all the same, e.g. a `Promise` or an `Error`
 */
export function assertEmpty(value: object): void {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag !== 'Object') {
    throw new UnsupportedValueError(
      HINTS.get(tag) ??
        `is a value of the type ${tag}, which has no JSON form. Send an object or an array in its place.`,
    );
  }
}
