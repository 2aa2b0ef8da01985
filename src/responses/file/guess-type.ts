import mime from 'mime-types';
import { extname } from 'node:path';

/** Returns the media type of files with the extension of `name`; undefined if it has none that is known. */
export function guessType(name: string | undefined): string | undefined {
  // Not the name itself: the library takes one without a dot for an extension, e.g. a file named `html`.
  return mime.lookup(extname(name ?? '')) || undefined;
}
