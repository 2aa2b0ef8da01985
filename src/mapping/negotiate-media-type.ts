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
  const ranges = accept.split(',').map(parseRange);
  let best: string | undefined;
  let bestWeight = 0;
  for (const mediaType of available) {
    const weight = weightOf(mediaType, ranges);
    if (weight > bestWeight) {
      best = mediaType;
      bestWeight = weight;
    }
  }
  return best;
}

interface MediaRange {
  readonly range: string;
  readonly weight: number;
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = quality === undefined ? 1 : Number.parseFloat(quality);
  return { range, weight: Number.isNaN(weight) ? 0 : weight };
}

/** The weight of the most precise range that matches: the type itself, then its subtypes, then all types. */
function weightOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  for (const range of [type, `${type.split('/', 1)[0]}/*`, '*/*']) {
    const match = ranges.find((candidate) => candidate.range === range);
    if (match) {
      return match.weight;
    }
  }
  return 0;
}
