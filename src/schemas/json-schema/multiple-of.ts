/**
 * True if `value` is a multiple of `factor` in decimal notation. For example, 19.99 is a multiple of 0.01, although the
 * quotient of the binary numbers is 1998.9999999999998.
 */
export function isMultipleOf(value: number, factor: number): boolean {
  const { digits, scale } = decimal(factor);
  const scaled = Math.round(value * scale);
  return Number.isSafeInteger(scaled)
    ? // Both are exact, so that the quotient is the number nearest to the decimal.
      scaled / scale === value && scaled % digits === 0
    : Number.isInteger(value / factor);
}

/** Splits a number into an integer and the power of ten that divides it: 0.25 is 25 and 100. */
function decimal(number: number): { readonly digits: number; readonly scale: number } {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const decimals = Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
  const scale = 10 ** decimals;
  return { digits: Math.round(number * scale), scale };
}
