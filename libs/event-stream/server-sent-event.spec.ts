import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerSentEvent, type ServerSentEventInit } from './server-sent-event.js';

describe('ServerSentEvent', () => {
  it.each<[what: string, init: ServerSentEventInit, text: string]>([
    ['sends a string as it is', { data: 'hello' }, 'data: hello\n\n'],
    ['sends an object as JSON', { data: { i: 1 } }, 'data: {"i":1}\n\n'],
    ['sends a number as JSON', { data: 0 }, 'data: 0\n\n'],
    ['sends false as JSON', { data: false }, 'data: false\n\n'],
    ['sends null as JSON', { data: null }, 'data: null\n\n'],
    ['keeps line breaks inside JSON escaped', { data: ['a\nb'] }, 'data: ["a\\nb"]\n\n'],
    ['writes a number as an id', { id: 0, data: '' }, 'id: 0\ndata: \n\n'],
    ['is a heartbeat with a comment alone', { comment: 'alive' }, ': alive\n\n'],
    ['has a client dispatch an event without data', { event: 'done' }, 'event: done\ndata:\n\n'],
    ['takes a retry of zero', { retry: 0 }, 'retry: 0\n\n'],
    ['takes U+2028 in a single line', { event: 'a\u2028b' }, 'event: a\u2028b\ndata:\n\n'],
  ])('%s', (_what, init, text) => {
    expect(new ServerSentEvent(init).encode()).toBe(text);
  });

  it.each<[what: string, init: ServerSentEventInit, message: string]>([
    [
      'LF in an event',
      { event: 'a\nb' },
      'The "event" of an event must be a single line, got "a\\nb"',
    ],
    [
      'CR in an event',
      { event: 'a\rb' },
      'The "event" of an event must be a single line, got "a\\rb"',
    ],
    ['LF in an id', { id: '1\n2' }, 'The "id" of an event must be a single line, got "1\\n2"'],
    ['CR in an id', { id: '1\r' }, 'The "id" of an event must be a single line, got "1\\r"'],
    ['NUL in an id', { id: 'a\0' }, 'The "id" of an event must not contain NUL, got "a\\u0000"'],
    ['a negative retry', { retry: -1 }, 'non-negative integer, in milliseconds, got -1'],
    ['a fraction as retry', { retry: 0.5 }, 'non-negative integer, in milliseconds, got 0.5'],
    ['NaN as retry', { retry: NaN }, 'non-negative integer, in milliseconds, got NaN'],
    [
      'an infinite retry',
      { retry: Infinity },
      'non-negative integer, in milliseconds, got Infinity',
    ],
    ['no field at all', {}, 'An event needs at least one field'],
    ['fields that are all undefined', { data: undefined, id: undefined }, 'at least one field'],
  ])('rejects %s', (_what, init, message) => {
    const make = () => new ServerSentEvent(init);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it.each<[what: string, data: unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a BigInt', 1n],
  ])('throws for %s as data, which JSON cannot represent', (_what, data) => {
    expect(() => new ServerSentEvent({ data }).encode()).toThrow(TypeError);
  });

  it('is immutable', () => {
    const event = new ServerSentEvent({ data: 'd', event: 'e', id: 1, retry: 2, comment: 'c' });
    for (const field of ['data', 'event', 'id', 'retry', 'comment'] as const) {
      const value = event[field];
      expect(() => Object.assign(event, { [field]: 'other' })).toThrow(TypeError);
      expect(event[field]).toBe(value);
    }
    expect(event.id).toBe('1');
  });

  it('does not change with the object that it was created from', () => {
    const init = { data: 'before' };
    const event = new ServerSentEvent(init);
    init.data = 'after';
    expect(event.encode()).toBe('data: before\n\n');
  });

  it('is encoded once, even if it is sent to many clients', () => {
    let calls = 0;
    const data = {
      toJSON() {
        calls += 1;
        return 'x';
      },
    };
    const event = new ServerSentEvent({ data });
    expect(calls).toBe(0);
    expect([event.encode(), event.encode(), event.encode()]).toEqual(
      Array(3).fill('data: "x"\n\n'),
    );
    expect(calls).toBe(1);
  });

  it('writes data with the given serializer, and strings without it', () => {
    const stringify = () => '<custom>';
    expect(new ServerSentEvent({ data: {} }).encode(stringify)).toBe('data: <custom>\n\n');
    expect(new ServerSentEvent({ data: 'text' }).encode(stringify)).toBe('data: text\n\n');
    const indent = (data: unknown) => JSON.stringify(data, undefined, 1);
    expect(new ServerSentEvent({ data: { a: 1 } }).encode(indent)).toBe(
      'data: {\ndata:  "a": 1\ndata: }\n\n',
    );
  });

  it("converts the events of Nest's @Sse() handlers", () => {
    const message = { data: { i: 1 }, id: '7', type: 'tick', retry: 10 };
    expect(ServerSentEvent.fromMessageEvent(message).encode()).toBe(
      'id: 7\nevent: tick\nretry: 10\ndata: {"i":1}\n\n',
    );
    expect(ServerSentEvent.fromMessageEvent({ data: 'x' }).encode()).toBe('data: x\n\n');
  });
});

/** Returns the events that a client reads from bytes that arrive in chunks. */
interface Received {
  readonly events: EventSourceMessage[];
  readonly comments: string[];
  readonly retries: number[];
}

function receive(pieces: readonly Uint8Array[]): Received {
  const received: Received = { events: [], comments: [], retries: [] };
  const parser = createParser({
    onEvent: (event) => received.events.push(event),
    onComment: (comment) => received.comments.push(comment),
    onRetry: (retry) => received.retries.push(retry),
    onError: (error) => {
      throw error;
    },
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const piece of pieces) {
    parser.feed(decoder.decode(piece, { stream: true }));
  }
  return received;
}

/** Cuts bytes at the given places, also in the middle of a character. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % bytes.length))].toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const BREAK = /\r\n|\n|\r/;
const SPECIAL = ['\n', '\r', '\r\n', '\u2028', '\uFEFF', '\0', ' ', ':', 'data:', '𝄞', ''];
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...SPECIAL)), { maxLength: 8 })
  .map((parts) => parts.join(''));
const line = text.map((value) => value.replaceAll(/[\r\n]/g, ''));
const id = line.map((value) => value.replaceAll('\0', ''));
const event = fc.record(
  { data: text, event: line, id, retry: fc.nat(), comment: text },
  { requiredKeys: ['data'] },
);

describe('a client of the event stream', () => {
  it('receives all events unchanged, regardless of how their bytes are split', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (inits, places) => {
          const sent = inits.map((init) => new ServerSentEvent(init).encode()).join('');
          const received = receive(cut(Buffer.from(sent), places));
          expect(received.events).toEqual(
            inits.map((init) => ({
              data: init.data.split(BREAK).join('\n'),
              event: init.event === '' ? undefined : init.event,
              id: init.id,
            })),
          );
          expect(received.comments).toEqual(
            inits.flatMap(({ comment }) => comment?.split(BREAK) ?? []),
          );
          expect(received.retries).toEqual(inits.flatMap(({ retry }) => retry ?? []));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('receives any value as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const [message] = receive([
          Buffer.from(new ServerSentEvent({ data: [value] }).encode()),
        ]).events;
        expect(JSON.stringify(JSON.parse(message?.data ?? ''))).toBe(JSON.stringify([value]));
      }),
    );
  });

  it('receives no field that was injected into another', () => {
    fc.assert(
      fc.property(text, (data) => {
        const { events, retries } = receive([
          Buffer.from(new ServerSentEvent({ data, comment: data }).encode()),
        ]);
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({ id: undefined, event: undefined });
        expect(retries).toEqual([]);
      }),
    );
  });
});
