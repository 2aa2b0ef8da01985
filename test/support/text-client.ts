import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { onTestFinished } from 'vitest';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** What undoes a `Content-Encoding`, as far as the text has come. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export interface OpenedText {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** What has come so far, decompressed. */
  readonly text: string;
  /** Settles once what has come ends in this. */
  receive(end: string): Promise<void>;
  /** Settles with how the body ended: properly, by its framing and by its compression, or cut. */
  readonly ended: Promise<'end' | 'cut'>;
  /** Leaves without a word. */
  leave(): void;
}

export interface OpenOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Sends a request on a connection of its own, and settles with the head of the answer, whose text is read as it comes. */
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
        // Fails where what has come so far is not all that was compressed.
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
