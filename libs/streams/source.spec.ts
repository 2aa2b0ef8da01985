import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { isStreamContent } from './source.js';

describe('isStreamContent', () => {
  it.each<[what: string, value: unknown]>([
    ['an Observable', of(1)],
    ['an array', [1]],
    ['a Set', new Set([1])],
    ['a generator', (function* () {})()],
    ['an async generator', (async function* () {})()],
    ['a Readable', Readable.from([1])],
    ['a web ReadableStream', new ReadableStream()],
  ])('accepts %s', (_what, value) => {
    expect(isStreamContent(value)).toBe(true);
  });

  it.each<[what: string, value: unknown]>([
    ['a string', 'text'],
    ['bytes', Buffer.from('text')],
    ['a plain object', { i: 1 }],
    ['a promise', Promise.resolve([1])],
    ['a function', function* () {}],
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
  ])('rejects %s', (_what, value) => {
    expect(isStreamContent(value)).toBe(false);
  });
});
