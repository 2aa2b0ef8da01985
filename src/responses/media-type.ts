/** A media type without its parameters, in lower case. */
export function essenceOf(mediaType: string): string {
  const [essence = ''] = mediaType.split(';', 1);
  return essence.trim().toLowerCase();
}

/**
 * The media type that a structured syntax suffix stands for, e.g. `application/json` for `application/geo+json`;
 * undefined for a media type without one.
 *
 * Source: RFC 6838, section 4.2.8.
 */
export function suffixTypeOf(essence: string): string | undefined {
  const suffix = /\+([^+/]+)$/.exec(essence)?.[1];
  return suffix && `application/${suffix}`;
}
