import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dateText } from './date-text.js';

const { toJSON, toISOString } = Object.getOwnPropertyDescriptors(Date.prototype);

describe('dateText()', () => {
  afterEach(() => {
    Object.defineProperties(Date.prototype, { toJSON, toISOString });
  });

  it.each([
    ['the epoch', 0, '1970-01-01T00:00:00.000Z'],
    ['a time before the epoch', -1, '1969-12-31T23:59:59.999Z'],
    ['a leap day', Date.UTC(2024, 1, 29, 23, 59, 59, 90), '2024-02-29T23:59:59.090Z'],
    ['the year 0', Date.parse('0000-01-01T00:00:00.007Z'), '0000-01-01T00:00:00.007Z'],
    ['the year before', Date.parse('-000001-12-31T23:59:59.999Z'), '-000001-12-31T23:59:59.999Z'],
    ['the year 9999', Date.parse('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
    ['the year after', Date.parse('+010000-01-01T00:00:00.000Z'), '+010000-01-01T00:00:00.000Z'],
    ['an invalid date', NaN, null],
  ])('writes %s', (_, time, text) => {
    expect(dateText(new Date(time))).toBe(text);
  });

  it('writes every date as toJSON() does', () => {
    fc.assert(
      fc.property(fc.date(), (date) => {
        expect(dateText(date)).toBe(date.toJSON());
      }),
    );
  });

  it('calls the toJSON() and the toISOString() of a subclass', () => {
    class Year extends Date {
      override toISOString(): string {
        return String(this.getUTCFullYear());
      }
    }
    class Text extends Date {
      override toJSON(): string {
        return 'a text';
      }
    }

    expect(dateText(new Year(0))).toBe('1970');
    expect(dateText(new Text(0))).toBe('a text');
  });

  it.each(['toJSON', 'toISOString'] as const)('calls the %s() of a single date', (method) => {
    const date = Object.assign(new Date(0), { [method]: () => 'a text' });

    expect(dateText(date)).toBe('a text');
  });

  it('writes a date of another realm', () => {
    expect(dateText(runInNewContext('new Date(0)') as Date)).toBe('1970-01-01T00:00:00.000Z');
  });

  it.each(['toJSON', 'toISOString'] as const)(
    'calls a %s() that the application replaces later',
    (method) => {
      Object.assign(Date.prototype, { [method]: () => 'a text' });

      expect(dateText(new Date(0))).toBe('a text');
    },
  );

  it.each([
    ['function', () => 'a text'],
    ['bound function', (() => 'a text').bind(null)],
  ])('calls a toJSON() that the application replaced earlier, by a %s', async (_, method) => {
    Object.assign(Date.prototype, { toJSON: method });
    vi.resetModules();
    const reloaded = await import('./date-text.js');

    expect(reloaded.dateText(new Date(0))).toBe('a text');
  });
});
