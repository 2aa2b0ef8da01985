/**
 * True if `value` is a multiple of `factor` in decimal notation: 19.99 is one of 0.01, although the quotient of both as
 * binary numbers is 1998.9999999999998.
 */
export function isMultipleOf(value: number, factor: number): boolean {
  const { digits, scale } = decimal(factor);
  const scaled = Math.round(value * scale);
  return Number.isSafeInteger(scaled)
    ? // Both are exact, so that the quotient is the number nearest to the decimal.
      scaled / scale === value && scaled % digits === 0
    : Number.isInteger(value / factor);
}

/** `number` as an integer and the power of ten that it is divided by: 0.25 is 25 and 100. */
function decimal(number: number): { readonly digits: number; readonly scale: number } {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const decimals = Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
  const scale = 10 ** decimals;
  return { digits: Math.round(number * scale), scale };
}
