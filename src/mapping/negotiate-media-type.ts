/**
 * Returns the available media type with the highest weight in `Accept`, and the first of several with the same weight.
 * Undefined if the client accepts none of them.
 *
 * Neither the order of the ranges nor their precision matters. A more precise range only determines the weight of a type.
 *
 * Source: RFC 9110, section 12.5.1.
 *
 * @param accept the header as received. Without one, everything is accepted.
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

/** The parts between commas, and between semicolons, outside of quoted strings. */
const ELEMENTS = /(?:"(?:\\.|[^"\\])*"?|[^",])+/g;
const PARTS = /(?:"(?:\\.|[^"\\])*"?|[^";])+/g;

interface MediaRange {
  readonly range: string;
  /** The parameters of the media type, e.g. `level=1`. */
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

/** The weight of the most precise matching range: with parameters, without them, of the type, of all types. */
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

/** True if a type has the parameters of a range. All text is sent as UTF-8, with or without the parameter. */
function hasParameters(type: MediaRange, { parameters }: MediaRange): boolean {
  return parameters.every(
    (parameter) => parameter === 'charset=utf-8' || type.parameters.includes(parameter),
  );
}
