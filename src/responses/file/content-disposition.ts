import { create } from 'content-disposition';

/** Whether a file is shown where it was asked for, or saved. Source: RFC 6266, section 4.2. */
export type ContentDispositionType = 'inline' | 'attachment';

/**
 * Writes a `Content-Disposition` field. A name that a plain `filename` cannot carry to every client comes twice: in
 * full as `filename*`, and as `filename` with a `?` for each character that ASCII lacks and a `'` for a quote.
 *
 * Throws a `TypeError` for a name with a line break or NUL, and for a type that is none.
 *
 * Source: RFC 6266, section 4 and appendix D; RFC 8187.
 */
export function contentDisposition(
  type: ContentDispositionType = 'attachment',
  filename?: string,
): string {
  if (type !== 'inline' && type !== 'attachment') {
    throw new TypeError(
      `The "contentDispositionType" of a file is "inline" or "attachment", got ${JSON.stringify(type)}.`,
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
  // Half of a surrogate pair, as a name that was cut at a fixed length ends with, has no UTF-8 form.
  const name = filename.replace(/\p{Surrogate}/gu, '\ufffd');
  return create(name, { type, fallback: plainName(name) });
}

/** What clients read correctly that know no `filename*`: a quote, a backslash or `%41` would mislead some of them. */
function plainName(name: string): string {
  return name
    .replace(/[^\x20-\x7e]/gu, '?')
    .replaceAll('"', "'")
    .replaceAll('\\', '_')
    .replace(/%(?=[\da-f]{2})/gi, '_');
}
