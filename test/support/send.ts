import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export interface SendOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** True if the body ended properly. */
  readonly isComplete: boolean;
}

/** Sends a request with exactly the given headers (`fetch()` adds an `Accept`), and reads the whole response. */
export function send(url: string, { body, ...options }: SendOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      // A response whose body was cut is a result too, which a test may wait for.
      incoming.on('error', () => undefined);
      incoming.on('close', () =>
        resolve({
          status: incoming.statusCode,
          headers: incoming.headers,
          body: text,
          isComplete: incoming.complete,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
