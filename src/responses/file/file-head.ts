import type { ResponsePlan } from '../../../libs/byte-ranges/index.js';
import type { Head, HeaderStore } from '../../exchange/header-store.js';
import { contentDisposition } from './content-disposition.js';

/** Headers that describe the bytes of a file. Removed from responses without these bytes. */
const DESCRIPTIVE = ['content-disposition', 'content-encoding', 'content-language'];
/** Headers that would let a cache reuse the failure of one request for others. */
const CACHING = ['cache-control', 'expires'];

const OMITTED: Readonly<Record<number, readonly string[]>> = {
  304: DESCRIPTIVE,
  412: [...DESCRIPTIVE, ...CACHING],
  416: [...DESCRIPTIVE, ...CACHING],
};

/** Returns the head of a file response, from its plan and the headers of the response. */
export function fileHead(
  { statusCode, headers: planned }: ResponsePlan,
  own: Headers,
): Head & { readonly headers: Headers } {
  const { 'content-length': length, 'accept-ranges': acceptRanges, ...fields } = planned;
  const headers = new Headers(own);
  const omit = [...(OMITTED[statusCode] ?? [])];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) {
      omit.push(name);
    } else {
      headers.set(name, value);
    }
  }
  return {
    statusCode,
    headers,
    defaults: {
      'content-disposition': contentDisposition(),
      ...(acceptRanges && { 'accept-ranges': acceptRanges }),
    },
    omit,
    length: length === undefined ? undefined : Number(length),
  };
}

/**
 * Protects resumed downloads if middleware may compress the body. Prevents the compression of ranges and of encoded
 * files. Makes the tag of any other whole file weak, because its bytes may differ.
 *
 * @param earlier the headers that were set before this head
 */
export function guardFromTransformation({ statusCode, headers }: Head, earlier: HeaderStore): void {
  const etag = headers?.get('etag');
  const isEncoded =
    headers?.has('content-encoding') || earlier.get('content-encoding') !== undefined;
  if (statusCode === 206 || isEncoded) {
    const cacheControl = headers?.get('cache-control') ?? earlier.get('cache-control');
    headers?.set('cache-control', [cacheControl ?? [], 'no-transform'].flat().join(', '));
  } else if (etag && !etag.startsWith('W/')) {
    headers?.set('etag', `W/${etag}`);
  }
}
