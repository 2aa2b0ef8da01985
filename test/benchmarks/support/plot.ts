/** A line of a plot, from the smallest to the largest `x`. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly Point[];
}

/** A point of a line. Both values are positive, because both axes are logarithmic. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pair of axes, and its lines. */
export interface Panel {
  /** The quantity and its unit, e.g. "CPU time per response, µs". */
  readonly y: string;
  /** The heading of its slopes in the legend, e.g. "CPU". */
  readonly short: string;
  readonly lines: readonly PlotLine[];
}

/** A figure: panels one below the other, with the same lines and the same horizontal axis. */
export interface Plot {
  readonly title: string;
  /** The quantity of the horizontal axis, e.g. "items". */
  readonly x: string;
  readonly panels: readonly Panel[];
}

/** The decades at the right end of a line that its slope is taken from. The left end is a fixed cost. */
const SLOPE_DECADES = 2;

/** Measures of the figure, in pixels. Narrow, so that its text is legible on a phone. */
const WIDTH = 480;
const MARGIN = 16;
const ROW = 20;
const AXES = { left: 78, right: WIDTH - 36, height: 190 };
/** The horizontal position of the slopes of each panel, from the right. */
const SLOPE_COLUMN = 74;

/** Colours of lines, in light and dark. Distinct for colour-blind readers; each line has a marker of its own too. */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#0060a8', '#6cb6ff'],
  ['#00856a', '#41c7a5'],
  ['#b8480a', '#f0955a'],
  ['#6b6b76', '#a8a8b3'],
  ['#8a4fb8', '#c9a0ee'],
  ['#8f6a00', '#dcb84a'],
];
const MARKERS: readonly string[] = [
  'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z',
  'M-3.5,-3.5h7v7h-7z',
  'M0,-4.5L4.5,3.5H-4.5z',
  'M0,-5L5,0L0,5L-5,0z',
  'M0,4.5L4.5,-3.5H-4.5z',
  'M-5,-1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z',
];

/**
 * Draws a figure with logarithmic axes as SVG, in light or dark as its reader prefers.
 *
 * On these axes, a line with the slope 1 is proportional growth, and a flat one is a constant.
 */
export function plot({ title, x, panels }: Plot): string {
  const names = (panels[0]?.lines ?? []).map(({ name }) => name);
  const legend = MARGIN + 2 * ROW;
  const first = legend + (names.length + 2) * ROW;
  const panelHeight = 3 * ROW + AXES.height + MARGIN;
  const height = first + panels.length * panelHeight;
  const columns = panels.map((_, at) => WIDTH - MARGIN - (panels.length - 1 - at) * SLOPE_COLUMN);
  const body = [
    text(title, { x: MARGIN, y: MARGIN + 14, class: 'title' }),
    text('Slope:', { x: (columns[0] ?? 0) - 50, y: legend, class: 'end' }),
    ...panels.map(({ short }, at) => text(short, { x: columns[at] ?? 0, y: legend, class: 'end' })),
    ...names.map((name, at) => {
      const y = legend + (at + 1) * ROW;
      return [
        `<g class="line${at}" transform="translate(${MARGIN + 12},${y - 5})"><path class="line" d="M-12,0H12"/><path class="marker" d="${MARKERS[at]}"/></g>`,
        text(name, { x: MARGIN + 32, y }),
        ...panels.map(({ lines }, column) =>
          text(slopeText(lines[at]?.points ?? []), { x: columns[column] ?? 0, y, class: 'end' }),
        ),
      ].join('\n');
    }),
    `<path class="guide" d="M${MARGIN},${first - ROW - 5}h24"/>`,
    text('proportional growth, slope 1', { x: MARGIN + 32, y: first - ROW }),
    ...panels.map((panel, at) => drawPanel(panel, x, first + at * panelHeight)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escape(title)}</title>
<desc id="desc">${escape(describe({ title, x, panels }))}</desc>
<style>
${style()}
</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
${body.join('\n')}
</svg>
`;
}

/** Returns the slope of a line at its right end, in a least-squares fit: 1 for proportional growth, 0 for a constant. */
export function slopeOf(points: readonly Point[]): number {
  const from = Math.max(...points.map(({ x }) => x)) / 10 ** SLOPE_DECADES;
  const logs = points
    .filter(({ x }) => x >= from)
    .map(({ x, y }) => ({ x: Math.log10(x), y: Math.log10(y) }));
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const covariance = mean(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return covariance / mean(logs.map(({ x }) => (x - meanX) ** 2));
}

export function slopeText(points: readonly Point[]): string {
  // Without the sign of a zero.
  return points.length < 2 ? '' : slopeOf(points).toFixed(2).replace('-0.00', '0.00');
}

/** Returns the ticks of an axis that spans these values: decades, with 2 and 5 between them if there are few. */
export function ticksOf(values: readonly number[]): number[] {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const isLong = max / min > 100;
  const steps = isLong ? [1] : [1, 2, 5];
  const candidates: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    // Text, because a power of ten below 1 is not exact.
    candidates.push(...steps.map((step) => Number(`${step}e${power}`)));
  }
  const last = candidates.findIndex((tick) => tick >= max);
  const start = candidates.findLastIndex((tick) => tick <= min);
  // At least two, for values that are all the same.
  return candidates.slice(start, Math.max(last, start + 1) + 1);
}

function drawPanel({ y: label, lines }: Panel, xLabel: string, top: number): string {
  const axesTop = top + ROW + 8;
  const axesBottom = axesTop + AXES.height;
  const points = lines.flatMap((line) => line.points);
  const xTicks = ticksOf(points.map(({ x }) => x));
  const yTicks = ticksOf(points.map(({ y }) => y));
  const x = scale(xTicks, AXES.left, AXES.right);
  const y = scale(yTicks, axesBottom, axesTop);
  const decades = (ticks: readonly number[]) => Math.log10((ticks.at(-1) ?? 1) / (ticks[0] ?? 1));
  // Where a line of proportional growth from the lower left corner leaves the panel.
  const rise = 10 ** Math.min(decades(xTicks), decades(yTicks));
  const [endX, endY] = [x((xTicks[0] ?? 1) * rise), y((yTicks[0] ?? 1) * rise)];
  return [
    text(label, { x: MARGIN, y: top + ROW - 4, class: 'label' }),
    ...yTicks.map((tick) =>
      [
        `<path class="grid" d="M${AXES.left},${y(tick)}H${AXES.right}"/>`,
        text(tickText(tick), { x: AXES.left - 8, y: y(tick) + 4, class: 'end small' }),
      ].join('\n'),
    ),
    ...xTicks.map((tick) =>
      [
        `<path class="grid" d="M${x(tick)},${axesTop}V${axesBottom}"/>`,
        text(tickText(tick), { x: x(tick), y: axesBottom + 16, class: 'middle small' }),
      ].join('\n'),
    ),
    text(xLabel, { x: (AXES.left + AXES.right) / 2, y: axesBottom + 34, class: 'middle' }),
    `<path class="guide" d="M${AXES.left},${axesBottom}L${endX},${endY}"/>`,
    ...lines.map(
      (line, at) =>
        `<g class="line${at}"><path class="line" d="${line.points
          .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.x)},${y(point.y)}`)
          .join('')}"/>${line.points
          .map(
            (point) =>
              `<path class="marker" transform="translate(${x(point.x)},${y(point.y)})" d="${MARKERS[at]}"/>`,
          )
          .join('')}</g>`,
    ),
  ].join('\n');
}

/** Maps the span of the ticks to positions, logarithmically. */
function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [min = 1, max = 10] = [ticks[0], ticks.at(-1)];
  return (value) => round(from + ((to - from) * Math.log(value / min)) / Math.log(max / min));
}

function describe({ x, panels }: Plot): string {
  const sentences = panels.map(({ y, lines }) => {
    const slopes = lines
      .filter(({ points }) => points.length > 1)
      .map(({ name, points }) => {
        const [first, last] = [points[0] as Point, points.at(-1) as Point];
        return (
          `${name} from ${figure(first.y)} at ${tickText(first.x)} to ${figure(last.y)} at ` +
          `${tickText(last.x)}, slope ${slopeText(points)}`
        );
      });
    return `${y}, against ${x}, on logarithmic axes: ${slopes.join('; ')}.`;
  });
  return `${sentences.join(' ')} A dashed line shows proportional growth.`;
}

function style(): string {
  const lines = (scheme: 0 | 1) =>
    COLOURS.map(
      (colours, at) => `.line${at} { stroke: ${colours[scheme]}; fill: ${colours[scheme]}; }`,
    );
  return [
    'svg { color: #24292f; font: 13px system-ui, sans-serif; }',
    '.page { fill: #ffffff; }',
    'text { fill: currentColor; }',
    '.title { font-size: 15px; font-weight: 600; }',
    '.label { font-weight: 600; }',
    '.small { font-size: 12px; }',
    '.end { text-anchor: end; }',
    '.middle { text-anchor: middle; }',
    '.grid { stroke: currentColor; stroke-opacity: 0.15; }',
    '.guide { stroke: currentColor; stroke-opacity: 0.55; stroke-dasharray: 3 4; }',
    '.line { fill: none; stroke-width: 2; }',
    '.marker { stroke: none; }',
    ...lines(0),
    '@media (prefers-color-scheme: dark) {',
    'svg { color: #dfdfd6; }',
    '.page { fill: #1b1b1f; }',
    ...lines(1),
    '}',
  ].join('\n');
}

function text(content: string, attributes: Readonly<Record<string, string | number>>): string {
  const list = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `<text ${list.join(' ')}>${escape(content)}</text>`;
}

function tickText(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 6 });
}

/** A measured value with three digits. */
export function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
