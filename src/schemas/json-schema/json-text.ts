const BEYOND_INT64 = 2 ** 63 + 2 ** 11;

/** `value`, of plain arrays and objects, with the nearest number for each BigInt: as JSON Schema can compare it. */
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

/** The JSON text of `value`, of plain arrays and objects, with the digits of each BigInt: `{"id":9223372036854775807}`. */
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
 * As numbers, 2^63 - 1 and 2^63 are the same. What lies beyond 64 bits is rounded away from zero, so that it does not
 * pass for the greatest `int64`.
 */
function nearestNumber(value: bigint): number {
  const number = Number(value);
  if (BigInt.asIntN(64, value) === value) {
    return number;
  }
  return value > 0n ? Math.max(number, BEYOND_INT64) : Math.min(number, -BEYOND_INT64);
}
