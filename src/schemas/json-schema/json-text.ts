const BEYOND_INT64 = 2 ** 63 + 2 ** 11;

/** Replaces each BigInt in plain arrays and objects with the nearest number, which JSON Schema can compare. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return nearestNumber(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? value.map(withNumbers)
    : Object.fromEntries(
        Object.entries(value).map(([name, property]) => [name, withNumbers(property)]),
      );
}

/** Returns the JSON text of plain arrays and objects, with all digits of each BigInt: `{"id":9223372036854775807}`. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value) ?? 'null';
  }
  return Array.isArray(value)
    ? `[${value.map(jsonText).join(',')}]`
    : `{${Object.entries(value)
        .map(([name, property]) => `${JSON.stringify(name)}:${jsonText(property)}`)
        .join(',')}}`;
}

/**
 * 2^63 - 1 and 2^63 are the same number. Values beyond 64 bits are rounded away from zero, so that they do not pass for
 * the greatest `int64`.
 */
function nearestNumber(value: bigint): number {
  const number = Number(value);
  if (BigInt.asIntN(64, value) === value) {
    return number;
  }
  return value > 0n ? Math.max(number, BEYOND_INT64) : Math.min(number, -BEYOND_INT64);
}
