import { describe, expect, it } from 'vitest';
import type { ProblemInit } from '../problem.js';
import { APIErrorResponse } from './api-error-response.js';
import { ProblemResponse } from './problem-response.js';

describe('ProblemResponse', () => {
  it('is a 500 of no particular type by default', () => {
    const response = new ProblemResponse();
    expect(response.statusCode).toBe(500);
    expect(response.mediaType).toBe('application/problem+json');
    expect(response.render()).toBe(
      '{"type":"about:blank","title":"Internal Server Error","status":500}',
    );
  });

  it.each(['https://example.com/a', '/problems/a', 'a', '', 'urn:a:b', 'a?b=%20#c'])(
    'accepts the type %j',
    (type) => {
      expect(new ProblemResponse({ type }).content.type).toBe(type);
    },
  );

  it.each<[string, unknown]>([
    ['type', 5],
    ['type', 'no uri'],
    ['type', 'a%zz'],
    ['type', null],
    ['title', ['a']],
    ['detail', { a: 1 }],
    ['instance', '<script>'],
    ['instance', 1],
  ])('rejects a member "%s" that is %j', (name, value) => {
    expect(() => new ProblemResponse({ [name]: value } as ProblemInit)).toThrow(
      new RegExp(`^The member "${name}" of a problem must be `),
    );
  });

  it.each([NaN, 0, 99, 600, 404.5, 'abc', '404'])('rejects the status %s', (status) => {
    expect(() => new ProblemResponse({ status: status as number })).toThrow(RangeError);
  });

  it.each([null, 'text', 404, ['detail']])('rejects a problem that is %j', (problem) => {
    expect(() => new ProblemResponse(problem as unknown as ProblemInit)).toThrow(
      'A problem must be an object of members, e.g. { status: 404 }, got ',
    );
  });

  it('keeps extensions, headers and a status without a phrase', () => {
    const response = new ProblemResponse(
      { status: 499, balance: 30 },
      { headers: { 'retry-after': '5' } },
    );
    expect(response.content).toEqual({ type: 'about:blank', status: 499, balance: 30 });
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

describe('APIErrorResponse', () => {
  it('keeps extensions beside the standard members', () => {
    const { content } = new APIErrorResponse({ detail: 'a', extensions: { errorCode: 'E42' } });
    expect(content).toEqual({ detail: 'a', error: null, status_code: 400, errorCode: 'E42' });
  });

  it.each(['detail', 'error', 'status_code'])('rejects an extension "%s"', (name) => {
    expect(() => new APIErrorResponse({ detail: 'a', extensions: { [name]: 1 } })).toThrow(
      `The extension "${name}" of an APIErrorResponse is a standard member.`,
    );
  });
});
