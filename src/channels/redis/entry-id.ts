/** The id of an entry of a stream, `milliseconds-number`, with numbers that JavaScript holds exactly. */
const ENTRY_ID = /^(\d{1,15})-(\d{1,15})$/;

/** The id that comes before all others. */
export const BEFORE_ALL = '0-0';

/** Whether a text can be the id of an entry that Redis has numbered. */
export function isEntryId(text: string): boolean {
  return ENTRY_ID.test(text);
}

/** Below, at or above zero where `a` comes before, is, or comes after `b`; both must be ids. */
export function compareEntryIds(a: string, b: string): number {
  const [, aTime, aNumber] = ENTRY_ID.exec(a) ?? [];
  const [, bTime, bNumber] = ENTRY_ID.exec(b) ?? [];
  return Number(aTime) - Number(bTime) || Number(aNumber) - Number(bNumber);
}
