/** The methods that an application may replace. */
type Methods = Readonly<Record<'toJSON' | 'toISOString', unknown>>;

const methods: Methods = Date.prototype;
const { toJSON, toISOString } = methods;

/** False if the application had replaced one of them before this file was loaded. */
const areNative = [toJSON, toISOString].every((method) =>
  /^function to\w+\(\) \{ \[native code\] \}$/.test(Function.prototype.toString.call(method)),
);

const DASH = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const T = 0x54;
const Z = 0x5a;

/**
 * Returns `date.toJSON()`, the instant in UTC with milliseconds: `2026-07-15T09:30:00.000Z`. Null for an invalid date.
 *
 * Takes 0.15 us instead of 0.75, because dates often take longer than all other properties of an object. Calls the
 * `toJSON()` of a subclass, and of an application that has replaced it.
 */
export function dateText(date: Date): string | null {
  if (!isPlain(date)) {
    return date.toJSON();
  }
  const year = date.getUTCFullYear();
  // Other years are longer, e.g. -000001. The year of an invalid date is NaN.
  return year >= 0 && year <= 9999 ? instant(date, year) : date.toJSON();
}

function isPlain(date: Methods): boolean {
  return (
    areNative &&
    Object.getPrototypeOf(date) === Date.prototype &&
    date.toJSON === toJSON &&
    date.toISOString === toISOString
  );
}

/** Creates the text from its characters, because a concatenation keeps its parts in memory. */
function instant(date: Date, year: number): string {
  const month = date.getUTCMonth() + 1;
  const day = date.getUTCDate();
  const hours = date.getUTCHours();
  const minutes = date.getUTCMinutes();
  const seconds = date.getUTCSeconds();
  const milliseconds = date.getUTCMilliseconds();
  // prettier-ignore
  return String.fromCharCode(
    digit(year, 1000), digit(year, 100), digit(year, 10), digit(year, 1), DASH,
    digit(month, 10), digit(month, 1), DASH,
    digit(day, 10), digit(day, 1), T,
    digit(hours, 10), digit(hours, 1), COLON,
    digit(minutes, 10), digit(minutes, 1), COLON,
    digit(seconds, 10), digit(seconds, 1), POINT,
    digit(milliseconds, 100), digit(milliseconds, 10), digit(milliseconds, 1), Z,
  );
}

/** Returns the character code of the digit of `unit`, e.g. 10 for the tens. */
function digit(number: number, unit: number): number {
  return ZERO + (Math.floor(number / unit) % 10);
}
