import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePreconditions, type PreconditionOutcome } from './preconditions.js';

const NOW = Date.UTC(2026, 5, 15);
const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';
const BEFORE = 'Wed, 31 Dec 2025 23:59:59 GMT';
const AFTER = 'Thu, 01 Jan 2026 00:00:01 GMT';
const STRONG = { etag: '"a"', lastModified: MODIFIED };
const WEAK = { etag: 'W/"a"', lastModified: MODIFIED };
const BARE = {};

describe('If-Match', () => {
  it.each<[string, { etag?: string }, PreconditionOutcome]>([
    ['*', STRONG, 'proceed'],
    ['*', WEAK, 'proceed'],
    ['*', BARE, 'proceed'],
    ['"a"', STRONG, 'proceed'],
    ['"b", "a"', STRONG, 'proceed'],
    ['"b"', STRONG, 412],
    ['W/"a"', STRONG, 412],
    ['"a"', WEAK, 412],
    ['W/"a"', WEAK, 412],
    ['"a"', BARE, 412],
    ['', STRONG, 412],
    ['a', STRONG, 412],
    ['"a", b', STRONG, 412],
    ['*, "a"', STRONG, 412],
  ])('%j against %j: %s', (field, validators, outcome) => {
    const headers = { 'if-match': field };
    expect(evaluatePreconditions('GET', headers, validators, NOW)).toBe(outcome);
  });
});

describe('If-None-Match', () => {
  it.each<[string, { etag?: string }, PreconditionOutcome]>([
    ['*', STRONG, 304],
    ['*', WEAK, 304],
    ['*', BARE, 304],
    ['"a"', STRONG, 304],
    ['"b", "a"', STRONG, 304],
    ['W/"a"', STRONG, 304],
    ['"a"', WEAK, 304],
    ['W/"a"', WEAK, 304],
    ['"b"', STRONG, 'proceed'],
    ['"a"', BARE, 'proceed'],
    ['', STRONG, 'proceed'],
    ['a', STRONG, 'proceed'],
    ['"a", b', STRONG, 'proceed'],
    ['*, "a"', STRONG, 'proceed'],
  ])('%j against %j: %s', (field, validators, outcome) => {
    const headers = { 'if-none-match': field };
    expect(evaluatePreconditions('GET', headers, validators, NOW)).toBe(outcome);
  });
});

describe.each<[string, PreconditionOutcome, PreconditionOutcome]>([
  ['if-modified-since', 304, 'proceed'],
  ['if-unmodified-since', 'proceed', 412],
])('%s', (name, unmodified, modified) => {
  it.each<[string, { lastModified?: string }, PreconditionOutcome]>([
    [BEFORE, STRONG, modified],
    [MODIFIED, STRONG, unmodified],
    [AFTER, STRONG, unmodified],
    ['Thursday, 01-Jan-26 00:00:00 GMT', STRONG, unmodified],
    ['Thu Jan  1 00:00:00 2026', STRONG, unmodified],
    ['Wednesday, 31-Dec-25 23:59:59 GMT', STRONG, modified],
    ['Wed Dec 31 23:59:59 2025', STRONG, modified],
    [BEFORE, WEAK, modified],
    [MODIFIED, WEAK, unmodified],
    [BEFORE, BARE, 'proceed'],
    [AFTER, BARE, 'proceed'],
    [BEFORE, { lastModified: 'yesterday' }, 'proceed'],
    [AFTER, { lastModified: 'yesterday' }, 'proceed'],
    ['', STRONG, 'proceed'],
    ['0', STRONG, 'proceed'],
    [`${BEFORE}, ${BEFORE}`, STRONG, 'proceed'],
    [`${AFTER}, ${AFTER}`, STRONG, 'proceed'],
  ])('%j against %j: %s', (field, validators, outcome) => {
    expect(evaluatePreconditions('GET', { [name]: field }, validators, NOW)).toBe(outcome);
  });
});

describe('methods', () => {
  const IF_MATCH = { 'if-match': '"b"' };
  const IF_NONE_MATCH = { 'if-none-match': '"a"' };
  const IF_MODIFIED_SINCE = { 'if-modified-since': MODIFIED };
  const IF_UNMODIFIED_SINCE = { 'if-unmodified-since': BEFORE };

  it.each<[string, IncomingHttpHeaders, PreconditionOutcome]>([
    ['HEAD', IF_MATCH, 412],
    ['HEAD', IF_NONE_MATCH, 304],
    ['HEAD', IF_MODIFIED_SINCE, 304],
    ['HEAD', IF_UNMODIFIED_SINCE, 412],
    ['POST', IF_MATCH, 412],
    ['POST', IF_NONE_MATCH, 412],
    ['PUT', { 'if-none-match': '*' }, 412],
    ['POST', IF_MODIFIED_SINCE, 'proceed'],
    ['POST', IF_UNMODIFIED_SINCE, 412],
    ['OPTIONS', IF_MATCH, 'proceed'],
    ['TRACE', IF_NONE_MATCH, 'proceed'],
    ['CONNECT', IF_UNMODIFIED_SINCE, 'proceed'],
  ])('%s with %j: %s', (method, headers, outcome) => {
    expect(evaluatePreconditions(method, headers, STRONG, NOW)).toBe(outcome);
  });
});

describe('combined', () => {
  /** A field that holds, one that fails, and none, for each of the four. */
  const FIELDS = {
    'if-match': { holds: '"a"', fails: '"b"' },
    'if-unmodified-since': { holds: MODIFIED, fails: BEFORE },
    'if-none-match': { holds: '"b"', fails: '"a"' },
    'if-modified-since': { holds: BEFORE, fails: MODIFIED },
  };
  type State = 'holds' | 'fails' | undefined;
  const STATES: readonly State[] = ['holds', 'fails', undefined];

  /** Section 13.2.2 in the words of the RFC: the fields that decide first come first. */
  const cases = STATES.flatMap((match) =>
    STATES.flatMap((unmodified) =>
      STATES.flatMap((noneMatch) =>
        STATES.map((modified) => {
          const first = match ?? unmodified;
          const second = noneMatch ?? modified;
          const outcome = first === 'fails' ? 412 : second === 'fails' ? 304 : 'proceed';
          return { match, unmodified, noneMatch, modified, outcome };
        }),
      ),
    ),
  );

  it.each(cases)(
    'If-Match $match, If-Unmodified-Since $unmodified, If-None-Match $noneMatch, If-Modified-Since $modified: $outcome',
    ({ match, unmodified, noneMatch, modified, outcome }) => {
      const headers = {
        'if-match': match && FIELDS['if-match'][match],
        'if-unmodified-since': unmodified && FIELDS['if-unmodified-since'][unmodified],
        'if-none-match': noneMatch && FIELDS['if-none-match'][noneMatch],
        'if-modified-since': modified && FIELDS['if-modified-since'][modified],
      };
      expect(evaluatePreconditions('GET', headers, STRONG, NOW)).toBe(outcome);
    },
  );

  it.each<[string, IncomingHttpHeaders, PreconditionOutcome]>([
    [
      'a malformed If-Match still hides If-Unmodified-Since',
      { 'if-match': 'a', 'if-unmodified-since': AFTER },
      412,
    ],
    [
      'a malformed If-None-Match still hides If-Modified-Since',
      { 'if-none-match': 'a', 'if-modified-since': AFTER },
      'proceed',
    ],
    [
      'an invalid If-Unmodified-Since leaves If-None-Match to decide',
      { 'if-unmodified-since': 'yesterday', 'if-none-match': '"a"' },
      304,
    ],
  ])('%s', (_, headers, outcome) => {
    expect(evaluatePreconditions('GET', headers, STRONG, NOW)).toBe(outcome);
  });

  it('return a valid outcome for any text in any field', () => {
    const text = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    const headers = fc.record({
      'if-match': text,
      'if-none-match': text,
      'if-modified-since': text,
      'if-unmodified-since': text,
    });
    const validators = fc.record({ etag: text, lastModified: text });
    fc.assert(
      fc.property(fc.string(), headers, validators, (method, fields, representation) => {
        const outcome = evaluatePreconditions(method, fields, representation, NOW);
        expect(['proceed', 304, 412]).toContain(outcome);
      }),
    );
  });
});
