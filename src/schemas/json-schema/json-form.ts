import { isDate } from 'node:util/types';
import { dateText } from './date-text.js';
import type { JSONSchemaObject } from './json-schema.js';
import { UnsupportedValueError } from './projection.js';

const KEYS = new Set(['string', 'number', 'bigint']);
const HINTS: ReadonlyMap<string, string> = new Map([
  ['Promise', 'is a Promise. Await it before it is sent.'],
  ['Map', 'is a Map with keys that are not strings. Use strings or numbers as keys.'],
]);
const BOXES = [String, Number, Boolean, BigInt];

/** Rules for values without a JSON type, at one place of a schema. */
export interface JSONFormRules {
  /** True if a `Date` is a day, not an instant. */
  readonly day: boolean;

  /** Converts bytes to text. Undefined: their `toJSON()` decides. */
  readonly bytes: 'base64' | 'base64url' | undefined;
}

/** Returns the rules at the place that `leaves` describe. */
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
 * Returns the form of an object before its properties are read. Like `JSON.stringify`, it uses the result of
 * `toJSON()`, or the primitive in a wrapper object. By `rules`, also converts a `Date` to its day in UTC, and bytes to
 * text. JSON would write collections as `{}`; here, a `Set` and a typed array become arrays, and a `Map` becomes an
 * object.
 */
export function jsonForm(value: object, { day, bytes }: JSONFormRules): unknown {
  const { toJSON }: { toJSON?: unknown } = value;
  // Nearly all objects return here. Only wrapper objects and dates have their own valueOf(), and only bytes have
  // neither.
  if (toJSON === undefined && value.valueOf === Object.prototype.valueOf && bytes === undefined) {
    return Symbol.iterator in value ? collectionForm(value) : value;
  }
  if (bytes !== undefined && value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(bytes);
  }
  if (typeof toJSON === 'function') {
    if (!isDate(value)) {
      return toJSON.call(value);
    }
    // An invalid date is null in JSON, but toISOString() would throw.
    const text = dateText(value);
    return day ? (text?.replace(/T.*$/, '') ?? null) : text;
  }
  return BOXES.some((Box) => value instanceof Box) ? value.valueOf() : collectionForm(value);
}

/** Converts a `Set` or a typed array to an array, and a `Map` to an object. Returns any other value as is. */
export function collectionForm(value: object): object {
  if (value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return [...(value as Iterable<unknown>)];
  }
  return value instanceof Map ? mapForm(value) : value;
}

/** Returns a `Map` as is if JSON cannot represent its keys. */
function mapForm(map: ReadonlyMap<unknown, unknown>): object {
  return [...map.keys()].every((key) => KEYS.has(typeof key))
    ? Object.fromEntries([...map].map(([key, value]) => [String(key), value]))
    : map;
}

/**
 * Checks an object that JSON would write as `{}`.
 *
 * @throws UnsupportedValueError if it is not really empty, e.g. a `Promise` or an `Error`
 */
export function assertEmpty(value: object): void {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag !== 'Object') {
    throw new UnsupportedValueError(
      HINTS.get(tag) ??
        `is a value of the type ${tag}, which has no JSON form. Send an object or an array instead.`,
    );
  }
}
