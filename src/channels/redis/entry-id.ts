/** The id of a stream entry, `milliseconds-number`, with numbers that JavaScript represents exactly. */
const ENTRY_ID = /^(\d{1,15})-(\d{1,15})$/;

/** The id before all others. */
export const BEFORE_ALL = '0-0';

/** True if a text can be the id of an entry that Redis has numbered. */
export function isEntryId(text: string): boolean {
  return ENTRY_ID.test(text);
}

/** Returns a negative number, zero or a positive number if `a` is before, equal to, or after `b`. Both must be ids. */
export function compareEntryIds(a: string, b: string): number {
  const [, aTime, aNumber] = ENTRY_ID.exec(a) ?? [];
  const [, bTime, bNumber] = ENTRY_ID.exec(b) ?? [];
  return Number(aTime) - Number(bTime) || Number(aNumber) - Number(bNumber);
}
