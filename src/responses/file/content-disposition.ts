import { create } from 'content-disposition';

/** Shows a file in the page, or saves it. Source: RFC 6266, section 4.2. */
export type ContentDispositionType = 'inline' | 'attachment';

/**
 * Writes a `Content-Disposition` field. If a plain `filename` cannot carry the name to every client, the name is
 * written twice: in full as `filename*`, and as `filename` with a `?` for each non-ASCII character and a `'` for a
 * quote.
 *
 * Throws a `TypeError` for a name with a line break or NUL, and for an unknown type.
 *
 * Source: RFC 6266, section 4 and appendix D; RFC 8187.
 */
export function contentDisposition(
  type: ContentDispositionType = 'attachment',
  filename?: string,
): string {
  if (type !== 'inline' && type !== 'attachment') {
    throw new TypeError(
      `The "contentDispositionType" of a file must be "inline" or "attachment", got ${JSON.stringify(type)}.`,
    );
  }
  if (filename === undefined) {
    return create(undefined, { type });
  }
  if (/[\r\n\0]/.test(filename)) {
    throw new TypeError(
      `The "filename" of a file must be a single line without NUL, got ${JSON.stringify(filename)}.`,
    );
  }
  // A lone surrogate, e.g. at the end of a truncated name, has no UTF-8 form.
  const name = filename.replace(/\p{Surrogate}/gu, '\ufffd');
  return create(name, { type, fallback: plainName(name) });
}

/**
 * Characters that clients without `filename*` read correctly. A quote, a backslash or `%41` would mislead some of them.
 */
function plainName(name: string): string {
  return name
    .replace(/[^\x20-\x7e]/gu, '?')
    .replaceAll('"', "'")
    .replaceAll('\\', '_')
    .replace(/%(?=[\da-f]{2})/gi, '_');
}
