import { describe, expect, it } from 'vitest';
import { plot, slopeOf, slopeText, ticksOf, type Plot } from './plot.js';

const points = (y: (x: number) => number) => [1, 10, 100, 1000].map((x) => ({ x, y: y(x) }));

describe('slopeOf()', () => {
  it.each([
    ['proportional growth', (x: number) => 3 * x, 1],
    ['a constant', () => 7, 0],
    ['quadratic growth', (x: number) => x * x, 2],
  ])('of %s', (_, y, slope) => {
    expect(slopeOf(points(y))).toBeCloseTo(slope);
  });

  it('ignores the fixed cost at the left end', () => {
    expect(slopeOf([{ x: 0.001, y: 50 }, ...points((x) => x)])).toBeCloseTo(1);
  });
});

it('slopeText() shows no negative zero, and nothing for a single point', () => {
  expect(slopeText([...points((x) => 100 - x / 10_000)])).toBe('0.00');
  expect(slopeText([{ x: 1, y: 1 }])).toBe('');
});

describe('ticksOf()', () => {
  it.each([
    ['decades', [10, 999, 12_000], [10, 100, 1000, 10_000, 100_000]],
    ['steps of a short axis', [60, 430], [50, 100, 200, 500]],
    ['fractions', [0.02, 4.5], [0.01, 0.1, 1, 10]],
    ['equal values', [7, 7], [5, 10]],
    ['the ends of an axis exactly', [100, 10_000], [100, 200, 500, 1000, 2000, 5000, 10_000]],
  ])('spans %s', (_, values, ticks) => {
    expect(ticksOf(values)).toEqual(ticks);
  });
});

describe('plot()', () => {
  const lines = [
    { name: 'one & <two>', points: points((x) => x) },
    { name: 'flat', points: points(() => 20) },
  ];
  const figure: Plot = {
    title: 'Growth',
    x: 'items',
    panels: [
      { y: 'CPU time, µs', short: 'CPU', lines },
      { y: 'Memory, MiB', short: 'memory', lines },
    ],
  };

  it('names the figure and describes its lines for readers who do not see it', () => {
    const svg = plot(figure);
    expect(svg).toContain('<title id="title">Growth</title>');
    expect(svg).toContain('one &amp; &lt;two&gt; from 1 at 1 to 1,000 at 1,000, slope 1.00');
    expect(svg).toContain('flat from 20 at 1 to 20 at 1,000, slope 0.00');
  });

  it('shows both axes with their units, and the slopes', () => {
    const texts = [...plot(figure).matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(expect.arrayContaining(['CPU time, µs', 'Memory, MiB', 'items', '1.00']));
  });

  it('draws proportional growth as a straight line, parallel to the guide', () => {
    const [, guide = ''] = /class="guide" d="(M78,[^"]*)"/.exec(plot(figure)) ?? [];
    const [, line = ''] =
      /<g class="line0"><path class="line" d="([^"]*)"/.exec(plot(figure)) ?? [];
    const slope = (path: string, from: number, to: number) => {
      const ends = [...path.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [
        Number(x),
        Number(y),
      ]);
      const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = [ends[from], ends[to]];
      return (y2 - y1) / (x2 - x1);
    };
    expect(slope(line, 0, 1)).toBeCloseTo(slope(guide, 0, 1), 2);
    expect(slope(line, 2, 3)).toBeCloseTo(slope(guide, 0, 1), 2);
  });

  it('keeps everything within the figure', () => {
    const svg = plot(figure);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    const positions = [...svg.matchAll(/[ML(]([\d.]+),([\d.]+)/g)];
    expect(positions.length).toBeGreaterThan(0);
    for (const [, x, y] of positions) {
      expect(Number(x)).toBeLessThanOrEqual(Number(width));
      expect(Number(y)).toBeLessThanOrEqual(Number(height));
    }
  });

  it('is drawn for light and dark pages', () => {
    expect(plot(figure)).toContain('@media (prefers-color-scheme: dark)');
  });
});
