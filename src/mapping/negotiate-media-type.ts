/**
 * The media type of those available that the client likes best; the first of those that it likes equally. Undefined
 * where it accepts none of them.
 *
 * The order of `Accept` and the precision of its ranges decide nothing, as RFC 9110, section 12.5.1 gives them no such
 * meaning: a more precise range only says which weight is that of a type.
 *
 * @param accept the header as received; none accepts everything
 */
export function negotiateMediaType(
  available: readonly string[],
  accept: string | undefined,
): string | undefined {
  if (accept === undefined || accept.trim() === '') {
    return available[0];
  }
  const ranges = (accept.match(ELEMENTS) ?? []).map(parseRange);
  let best: string | undefined;
  let bestWeight = 0;
  for (const mediaType of available) {
    const weight = weightOf(parseRange(mediaType), ranges);
    if (weight > bestWeight) {
      best = mediaType;
      bestWeight = weight;
    }
  }
  return best;
}

/** What stands between commas, and between semicolons, outside of quoted strings. */
const ELEMENTS = /(?:"(?:\\.|[^"\\])*"?|[^",])+/g;
const PARTS = /(?:"(?:\\.|[^"\\])*"?|[^";])+/g;

interface MediaRange {
  readonly range: string;
  /** Those of the media type, e.g. `level=1`. */
  readonly parameters: readonly string[];
  readonly weight: number;
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = (text.match(PARTS) ?? []).map((part) =>
    part.trim().toLowerCase().replaceAll('"', ''),
  );
  const weightAt = parameters.findIndex((parameter) => parameter.startsWith('q='));
  if (weightAt === -1) {
    return { range, parameters, weight: 1 };
  }
  const weight = Number.parseFloat(parameters[weightAt]?.slice(2) ?? '');
  return {
    range,
    parameters: parameters.slice(0, weightAt),
    weight: Number.isNaN(weight) ? 0 : weight,
  };
}

/** The weight of the most precise range that matches: the type with parameters, bare, its subtypes, all types. */
function weightOf(type: MediaRange, ranges: readonly MediaRange[]): number {
  for (const range of [type.range, `${type.range.split('/', 1)[0]}/*`, '*/*']) {
    const matches = ranges
      .filter((candidate) => candidate.range === range && hasParameters(type, candidate))
      .sort((a, b) => b.parameters.length - a.parameters.length);
    if (matches[0]) {
      return matches[0].weight;
    }
  }
  return 0;
}

/** Whether a type has the parameters that a range asks for. Any text is sent in UTF-8, whether it says so or not. */
function hasParameters(type: MediaRange, { parameters }: MediaRange): boolean {
  return parameters.every(
    (parameter) => parameter === 'charset=utf-8' || type.parameters.includes(parameter),
  );
}
