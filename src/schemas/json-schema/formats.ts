import type { Format } from 'ajv';
import { fastFormats } from 'ajv-formats/dist/formats.js';

// Written out, because "\d{4}" and alternatives of whole dates take a third longer.
const DAY = String.raw`\d\d\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|(?<!02-)30|(?<=(?:0[13578]|1[02])-)31)`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)`;

/**
 * The formats that are enforced. All others are only documentation. These are the fast ones of `ajv-formats`: for the
 * dates of a list, the full ones take as long as `JSON.stringify` for the whole list. Dates are stricter than the fast
 * ones: no thirteenth month, no 31 April. 29 February is allowed in any year.
 */
export const FORMATS: Record<string, Format> = {
  ...fastFormats,
  date: new RegExp(`^${DAY}$`),
  'date-time': new RegExp(`^${DAY}[Tt]${TIME}$`),
  int64: {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63,
  },
};
