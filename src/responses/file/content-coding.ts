import Negotiator from 'negotiator';

/** A content coding of RFC 9110, section 8.4.1, and of RFC 7932 (`br`) and RFC 8878 (`zstd`). */
export type ContentCoding = 'br' | 'zstd' | 'gzip';

/** The extension of encoded siblings, by coding. */
export const EXTENSIONS: Readonly<Record<ContentCoding, string>> = {
  br: '.br',
  zstd: '.zst',
  gzip: '.gz',
};

/**
 * Returns the acceptable codings, most preferred first. Sorts by the client's weights, then by the order of `codings`.
 * Any coding is preferred to none (`identity`). Empty if `identity` is excluded and no coding is acceptable.
 *
 * Source: RFC 9110, section 12.5.3.
 *
 * @param acceptEncoding the field of the request. Without one, only `identity` is accepted
 */
export function acceptedCodings(
  codings: readonly ContentCoding[],
  acceptEncoding: string | undefined,
): readonly (ContentCoding | 'identity')[] {
  const available = [...codings, 'identity'];
  // `x-gzip` is another name of `gzip`; section 8.4.1.3.
  const field = acceptEncoding?.replace(/\bx-gzip\b/gi, 'gzip');
  const negotiator = new Negotiator({
    headers: { 'accept-encoding': field },
  }) as EncodingNegotiator;
  return negotiator.encodings(available, { preferred: available }) as (
    ContentCoding | 'identity'
  )[];
}

/** Adds the option of version 1.0, which is missing in its types. */
interface EncodingNegotiator {
  encodings(available: string[], options: { readonly preferred: string[] }): string[];
}

/** Throws a `TypeError` for a list with an unknown coding. */
export function assertCodings(codings: unknown): asserts codings is readonly ContentCoding[] {
  const known = Object.keys(EXTENSIONS);
  if (!Array.isArray(codings) || !codings.every((coding) => known.includes(coding as string))) {
    throw new TypeError(
      `"precompressed" of a file must be an array of ${known.map((name) => `"${name}"`).join(', ')}, got ${JSON.stringify(codings)}.`,
    );
  }
}
