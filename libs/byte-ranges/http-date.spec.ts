import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHTTPDate } from './http-date.js';

const NOW = Date.UTC(2026, 5, 15, 12, 0, 0);
const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `Sunday, 06-Nov-94 08:49:37 GMT` */
function rfc850(time: number): string {
  const date = new Date(time);
  const [, day, month, year = '', clock] = date.toUTCString().split(' ');
  return `${LONG_DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(-2)} ${clock} GMT`;
}

/** `Sun Nov  6 08:49:37 1994` */
function asctime(time: number): string {
  const [name = '', day = '', month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${name.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${clock} ${year}`;
}

describe('parseHTTPDate', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])('reads %j', (text) => {
    expect(parseHTTPDate(text, NOW)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  });

  it.each([
    [
      'of the last day of February in a leap year',
      'Thu, 29 Feb 2024 00:00:00 GMT',
      '2024-02-29T00:00:00Z',
    ],
    ['with two digits for the day', 'Wed Nov 16 08:49:37 1994', '1994-11-16T08:49:37Z'],
    ['with the wrong name of the day', 'Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['with a leap second', 'Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
    ['of the first century', 'Sat, 01 Jan 0099 00:00:00 GMT', '0099-01-01T00:00:00Z'],
    ['before 1970', 'Wed, 31 Dec 1969 23:59:59 GMT', '1969-12-31T23:59:59Z'],
  ])('reads a date %s', (_, text, time) => {
    expect(parseHTTPDate(text, NOW)).toBe(Date.parse(time));
  });

  it.each([
    ['Monday, 15-Jun-26 12:00:00 GMT', '2026-06-15T12:00:00Z'],
    ['Monday, 15-Jun-76 12:00:00 GMT', '2076-06-15T12:00:00Z'],
    ['Tuesday, 15-Jun-76 12:00:01 GMT', '1976-06-15T12:00:01Z'],
    ['Saturday, 01-Jan-77 00:00:00 GMT', '1977-01-01T00:00:00Z'],
    ['Friday, 31-Dec-99 23:59:59 GMT', '1999-12-31T23:59:59Z'],
    ['Saturday, 01-Jan-00 00:00:00 GMT', '2000-01-01T00:00:00Z'],
  ])('reads %j as a date at most 50 years ahead', (text, time) => {
    expect(parseHTTPDate(text, NOW)).toBe(Date.parse(time));
  });

  it('reads a two-digit year across the end of a century', () => {
    const text = 'Friday, 01-Jan-10 00:00:00 GMT';
    expect(parseHTTPDate(text, Date.UTC(2090, 0))).toBe(Date.UTC(2110, 0));
    expect(parseHTTPDate(text, Date.UTC(2050, 0))).toBe(Date.UTC(2010, 0));
  });

  it.each([
    '',
    '0',
    '1994-11-06T08:49:37Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 06 nov 1994 08:49:37 GMT',
    'sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT ',
    'Sun, 06 Nov 1994 08:49:37 GMT\n',
    'Sun, 31 Feb 2026 08:49:37 GMT',
    'Sun, 29 Feb 2026 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 32 Dec 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sun Nov 06 08:49:37 1994 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('rejects %j', (text) => {
    expect(parseHTTPDate(text, NOW)).toBeUndefined();
  });

  it('reads back every second of four-digit years', () => {
    const second = fc
      .integer({ min: Date.parse('0001-01-01') / 1000, max: Date.parse('9999-12-31') / 1000 })
      .map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(second, (time) => {
        expect(parseHTTPDate(new Date(time).toUTCString(), NOW)).toBe(time);
        expect(parseHTTPDate(asctime(time), NOW)).toBe(time);
      }),
    );
  });

  it('reads back every second of a two-digit year within 49 years', () => {
    const seconds = 49 * 365 * 24 * 60 * 60;
    fc.assert(
      fc.property(fc.integer({ min: -seconds, max: seconds }), (distance) => {
        const time = NOW + distance * 1000;
        expect(parseHTTPDate(rfc850(time), NOW)).toBe(time);
      }),
    );
  });

  it('finds a whole second or nothing in any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^Sun, \d\d (Jan|Feb|Jun) \d{4} \d\d:\d\d:\d\d GMT$/),
      fc.stringMatching(/^Sunday, \d\d-(Jan|Feb|Jun)-\d\d \d\d:\d\d:\d\d GMT$/),
    );
    fc.assert(
      fc.property(text, fc.date({ noInvalidDate: true }), (field, now) => {
        const time = parseHTTPDate(field, now.getTime());
        expect(time === undefined || time % 1000 === 0).toBe(true);
      }),
    );
  });
});
