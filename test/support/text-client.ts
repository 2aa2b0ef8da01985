import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { onTestFinished } from 'vitest';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Creates a decoder for a `Content-Encoding`, which decodes the text received so far. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export interface OpenedText {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The decompressed text received so far. */
  readonly text: string;
  /** Resolves once the text ends with this. */
  receive(end: string): Promise<void>;
  /** Resolves with the end of the body: proper, by its framing and its compression, or cut. */
  readonly ended: Promise<'end' | 'cut'>;
  /** Destroys the connection. */
  leave(): void;
}

export interface OpenOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Sends a request on a new connection. Resolves with the head of the response, whose text is read as it arrives. */
export function openText(url: string, options: OpenOptions = {}): Promise<OpenedText> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, (incoming) => {
      const checks = new Set<() => void>();
      let text = '';
      const decoder = decoders[incoming.headers['content-encoding'] ?? '']?.();
      const source = decoder ?? incoming;
      source.setEncoding('utf8');
      source.on('data', (piece: string) => {
        text += piece;
        checks.forEach((check) => check());
      });
      const ended = new Promise<'end' | 'cut'>((settle) => {
        source.on('end', () => settle(incoming.complete ? 'end' : 'cut'));
        source.on('error', () => settle('cut'));
      });
      if (decoder) {
        incoming.on('data', (chunk: Buffer) => decoder.write(chunk));
        incoming.on('error', () => undefined);
        // Fails if the compressed data is incomplete.
        incoming.on('close', () => decoder.end());
      }
      resolve({
        status: incoming.statusCode,
        headers: incoming.headers,
        get text() {
          return text;
        },
        receive: (end) =>
          new Promise((settle) => {
            const check = () => {
              if (text.endsWith(end)) {
                checks.delete(check);
                settle();
              }
            };
            checks.add(check);
            check();
          }),
        ended,
        leave: () => outgoing.destroy(),
      });
    });
    onTestFinished(() => void outgoing.destroy());
    outgoing.on('error', reject);
    outgoing.end();
  });
}
