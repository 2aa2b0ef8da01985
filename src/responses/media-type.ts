/** A media type without its parameters, in lower case. */
export function essenceOf(mediaType: string): string {
  const [essence = ''] = mediaType.split(';', 1);
  return essence.trim().toLowerCase();
}

/**
 * Returns the media type of a structured syntax suffix, e.g. `application/json` for `application/geo+json`, or undefined
 * if there is no suffix.
 *
 * Source: RFC 6838, section 4.2.8.
 */
export function suffixTypeOf(essence: string): string | undefined {
  const suffix = /\+([^+/]+)$/.exec(essence)?.[1];
  return suffix && `application/${suffix}`;
}

/** A type and a subtype, with parameters or without. Source: RFC 9110, sections 5.6.2 and 8.3.1. */
const MEDIA_TYPE = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+[ \t]*(?:;|$)/;

/** True for a valid media type of a `Content-Type`. */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}
