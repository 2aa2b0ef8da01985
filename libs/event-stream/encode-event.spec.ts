import { describe, expect, it } from 'vitest';
import { encodeEvent, type EventFields } from './encode-event.js';

describe('encodeEvent', () => {
  it.each<[what: string, fields: EventFields, text: string]>([
    [
      'writes comment, id, event, retry and data, in this order',
      { data: 'd', retry: 5, event: 'e', id: 'i', comment: 'c' },
      ': c\nid: i\nevent: e\nretry: 5\ndata: d\n\n',
    ],
    ['ends a comment alone as an event', { comment: 'heartbeat' }, ': heartbeat\n\n'],
    ['gives an event without data an empty line of it', { event: 'e' }, 'event: e\ndata:\n\n'],
    ['gives an id alone no data', { id: '7' }, 'id: 7\n\n'],
    ['sends no data with only a retry', { retry: 0 }, 'retry: 0\n\n'],
    ['writes empty data', { data: '' }, 'data: \n\n'],
    ['writes an empty id, which resets that of the client', { id: '' }, 'id: \n\n'],
    ['keeps leading and trailing spaces', { data: '  a ' }, 'data:   a \n\n'],
    ['splits data at LF', { data: 'a\nb' }, 'data: a\ndata: b\n\n'],
    ['splits data at CR', { data: 'a\rb' }, 'data: a\ndata: b\n\n'],
    ['splits data at CRLF once', { data: 'a\r\nb' }, 'data: a\ndata: b\n\n'],
    ['takes LF CR for two ends of line', { data: 'a\n\rb' }, 'data: a\ndata: \ndata: b\n\n'],
    ['keeps a trailing end of line', { data: 'a\n' }, 'data: a\ndata: \n\n'],
    ['splits a comment as well', { comment: 'a\r\nb\rc\nd' }, ': a\n: b\n: c\n: d\n\n'],
    ['keeps colons', { data: 'id: 1', event: 'a:b' }, 'event: a:b\ndata: id: 1\n\n'],
  ])('%s', (_what, fields, text) => {
    expect(encodeEvent(fields)).toBe(text);
  });

  it.each([
    ['U+2028', '\u2028'],
    ['U+2029', '\u2029'],
    ['U+0085', '\u0085'],
    ['vertical tab', '\v'],
    ['form feed', '\f'],
    ['NUL', '\0'],
    ['a byte order mark', '\uFEFF'],
  ])('leaves %s inside its line', (_name, character) => {
    const data = `a${character}b`;
    expect(encodeEvent({ data })).toBe(`data: ${data}\n\n`);
  });
});
