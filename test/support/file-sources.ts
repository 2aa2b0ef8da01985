import mime from 'mime-types';
import { Blob } from 'node:buffer';
import { openAsBlob } from 'node:fs';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { BlobLike, FileResponseOptions, FileSource } from '../../src/index.js';
import { folder, MODIFIED } from './folder.js';

const MIB = 1024 * 1024;

/** A kind of source for a file. */
export interface FileSourceKind {
  readonly name: string;
  /** True if the source has a path, which determines its type. */
  readonly isPath: boolean;
  /** Creates a file of `content`, with the validators and the type that a path has by itself. */
  make(
    content: Buffer,
    name: string,
  ): Promise<{ readonly source: FileSource; readonly options: FileResponseOptions }>;
}

const pathTo = async (content: Buffer, name: string) =>
  join(await folder({ [name]: content }), name);

const typeOf = (name: string) => mime.lookup(extname(name)) || undefined;

/** The options that give a source the validators and the type of a path. */
const validators = (name: string): FileResponseOptions => ({
  lastModified: MODIFIED,
  ...(typeOf(name) && { mediaType: typeOf(name) as string }),
});

/** An object whose slices arrive asynchronously, as Node streams of a few bytes each, like those of an object store. */
export function remoteObject(content: Buffer): BlobLike {
  const chunkSize = content.length < MIB ? 7 : 50_000;
  return {
    size: content.length,
    slice: async (start, end) => {
      const slice = await Promise.resolve(content.subarray(start, end));
      return {
        stream: async () =>
          Readable.from(
            (function* () {
              for (let at = 0; at < slice.length; at += chunkSize) {
                yield slice.subarray(at, at + chunkSize);
              }
            })(),
            { objectMode: false },
          ),
      };
    },
  };
}

export const fileSources: readonly FileSourceKind[] = [
  {
    name: 'a path',
    isPath: true,
    make: async (content, name) => ({ source: await pathTo(content, name), options: {} }),
  },
  {
    name: 'a file: URL',
    isPath: true,
    make: async (content, name) => ({
      source: pathToFileURL(await pathTo(content, name)),
      options: {},
    }),
  },
  {
    name: 'bytes',
    isPath: false,
    make: (content, name) => Promise.resolve({ source: content, options: validators(name) }),
  },
  {
    name: 'a view into a larger buffer',
    isPath: false,
    make: (content, name) => {
      const larger = Buffer.concat([Buffer.from('before'), content, Buffer.from('after')]);
      const source = new Uint8Array(larger.buffer, larger.byteOffset + 6, content.length);
      return Promise.resolve({ source, options: validators(name) });
    },
  },
  {
    name: 'a Blob',
    isPath: false,
    make: (content, name) =>
      Promise.resolve({
        source: new Blob([content]),
        options: { ...validators(name), etag: '"blob"' },
      }),
  },
  {
    name: 'fs.openAsBlob()',
    isPath: false,
    make: async (content, name) => ({
      source: await openAsBlob(await pathTo(content, name)),
      options: { ...validators(name), etag: '"file"' },
    }),
  },
  {
    name: 'an object with slices that come later',
    isPath: false,
    make: (content, name) =>
      Promise.resolve({
        source: remoteObject(content),
        options: { ...validators(name), etag: '"object"' },
      }),
  },
];
