import mime from 'mime-types';
import { extname } from 'node:path';

/** Returns the media type for the extension of `name`. Undefined if there is no known extension. */
export function guessType(name: string | undefined): string | undefined {
  // Not the name itself, because the library treats a name without a dot as an extension, e.g. a file named `html`.
  return mime.lookup(extname(name ?? '')) || undefined;
}
