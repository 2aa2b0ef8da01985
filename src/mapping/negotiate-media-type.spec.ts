import fc from 'fast-check';
import Negotiator from 'negotiator';
import { describe, expect, it } from 'vitest';
import { negotiateMediaType } from './negotiate-media-type.js';

const EVENTS = 'text/event-stream';
const LINES = 'application/x-ndjson';

describe('negotiateMediaType', () => {
  it.each<[accept: string | undefined, agreed: string | undefined, why: string]>([
    [undefined, EVENTS, 'no header accepts everything'],
    ['', EVENTS, 'an empty header says nothing'],
    ['*/*', EVENTS, 'the first declared wins a tie'],
    ['text/event-stream', EVENTS, "a browser's EventSource"],
    ['application/x-ndjson', LINES, 'named'],
    ['application/x-ndjson, text/event-stream', EVENTS, 'the order of Accept decides nothing'],
    ['application/x-ndjson, */*', EVENTS, 'nor does the precision of its ranges'],
    ['application/x-ndjson, */*;q=0.1', LINES, 'weights do'],
    ['text/event-stream;q=0.5, application/x-ndjson;q=0.8', LINES, 'weights do'],
    ['text/event-stream;q=0.5, application/*', LINES, 'subtypes of a type'],
    ['text/event-stream;q=0, */*', LINES, 'a precise range wins over a general one'],
    ['*/*, text/event-stream;q=0', LINES, 'wherever it stands'],
    ['text/*;q=0.9, */*;q=0.1, text/event-stream;q=0.05', LINES, 'the most precise of three'],
    ['TEXT/Event-Stream ; Q=0.7 , application/X-NDJSON;q=0.6', EVENTS, 'case and space are free'],
    [',, application/x-ndjson ,', LINES, 'empty elements are ignored'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', EVENTS, "a browser's page load"],
    ['application/json', undefined, 'none is accepted'],
    ['text/event-stream;q=0, application/x-ndjson;q=0.000', undefined, 'both are refused'],
    ['*/*;q=0', undefined, 'all are refused'],
    ['application/x-ndjson;q=nonsense', undefined, 'an invalid weight rejects'],
    ['nonsense', undefined, 'an invalid range matches nothing'],
  ])('for %j selects %j: %s', (accept, agreed) => {
    expect(negotiateMediaType([EVENTS, LINES], accept)).toBe(agreed);
  });

  // RFC 9110, section 12.5.1: a range with parameters matches a type that has them, and no other.
  it.each<[accept: string, agreed: string | undefined]>([
    ['text/html;level=1;q=0.1, text/html;q=0.9, text/plain;q=0.5', 'text/html'],
    ['text/html;level=1, text/html;q=0.2, text/plain;q=0.5', 'text/plain'],
    ['text/html;level=1', undefined],
    ['text/plain;format="a,b", text/html', 'text/html'],
    ['text/plain;charset=UTF-8', 'text/plain'],
    ['text/plain;charset="utf-8"', 'text/plain'],
  ])('matches parameters: %j selects %j', (accept, agreed) => {
    expect(negotiateMediaType(['text/html', 'text/plain'], accept)).toBe(agreed);
  });

  it('returns a type as declared, with its parameters', () => {
    const available = ['application/json', 'text/html; charset=utf-8'];
    expect(negotiateMediaType(available, 'text/html')).toBe('text/html; charset=utf-8');
  });

  it('returns undefined if nothing is available', () => {
    expect(negotiateMediaType([], '*/*')).toBeUndefined();
  });

  const types = ['text/event-stream', 'text/html', 'application/x-ndjson', 'application/json'];
  const ranges = [...types, 'text/*', 'application/*', '*/*', 'image/png'];
  const available = fc.subarray(types, { minLength: 1 });
  /** Unique ranges, because the result for two weights of a range is undefined. */
  const weighted = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...ranges), fc.integer({ min: 0, max: 10 })), {
      selector: ([range]) => range,
      minLength: 1,
    })
    .map((list) => list.map(([range, weight]) => `${range};q=${weight / 10}`));
  const acceptedBy = (declared: string[], accept: string) =>
    new Negotiator({ headers: { accept } }).mediaTypes(declared);

  it('accepts what the negotiator package accepts', () => {
    fc.assert(
      fc.property(available, weighted, (declared, accept) => {
        const accepted = acceptedBy(declared, accept.join());
        const agreed = negotiateMediaType(declared, accept.join());
        expect(accepted.length > 0 ? accepted : [undefined]).toContain(agreed);
      }),
    );
  });

  it('prefers what the negotiator package prefers, if no two weights are equal', () => {
    const distinct = fc.shuffledSubarray(ranges, { minLength: 1 }).chain((chosen) =>
      fc
        .shuffledSubarray(
          ranges.map((_, index) => index + 1),
          { minLength: chosen.length, maxLength: chosen.length },
        )
        .map((weights) => chosen.map((range, index) => `${range};q=0.${weights[index]}`)),
    );
    fc.assert(
      fc.property(available, distinct, (declared, accept) => {
        // Types that the same range speaks for are a tie all the same.
        const [preferred] = acceptedBy(declared, accept.join());
        const rivals = declared.filter(
          (type) => type === preferred || !accept.some((range) => range.startsWith(`${type};`)),
        );
        fc.pre(rivals.length === 1 && rivals[0] === preferred);
        expect(negotiateMediaType(declared, accept.join())).toBe(preferred);
      }),
    );
  });

  it('takes time linear in the length of the header', () => {
    const accept = `text/html;a="${','.repeat(2_000_000)}`;
    expect(negotiateMediaType([EVENTS], accept)).toBeUndefined();
  });

  it('returns a result for any header', () => {
    fc.assert(
      fc.property(fc.string(), (accept) => {
        expect([undefined, EVENTS, LINES]).toContain(negotiateMediaType([EVENTS, LINES], accept));
      }),
    );
  });
});
