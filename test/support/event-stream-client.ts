import { createParser, type EventSourceMessage } from 'eventsource-parser';
import {
  request,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';

export interface OpenedStream {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The next event; undefined at the end of the stream, however it came. */
  next(): Promise<EventSourceMessage | undefined>;
  /** The next comment; undefined at the end of the stream. */
  nextComment(): Promise<string | undefined>;
  /** Leaves, as a client whose network is gone. */
  close(): void;
}

/** Opens an event stream, and settles with its head. Rejects where there is none. */
export async function openEventStream(url: string, lastEventId?: string): Promise<OpenedStream> {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  let outgoing: ClientRequest;
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing = request(url, { agent: false, headers }, resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
  const events = new Channel<EventSourceMessage>();
  const comments = new Channel<string>();
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment),
  });
  incoming.setEncoding('utf8');
  incoming.on('data', (text: string) => parser.feed(text));
  // A cut stream is one that has ended.
  incoming.on('error', () => undefined);
  incoming.on('close', () => {
    events.end();
    comments.end();
  });
  return {
    status: incoming.statusCode,
    headers: incoming.headers,
    next: () => events.next(),
    nextComment: () => comments.next(),
    close: () => outgoing.destroy(),
  };
}

/** What has come, and who waits for what comes. */
class Channel<TItem> {
  readonly #items: TItem[] = [];
  readonly #waiting: ((item: TItem | undefined) => void)[] = [];
  #hasEnded = false;

  push(item: TItem): void {
    const take = this.#waiting.shift();
    if (take) {
      take(item);
    } else {
      this.#items.push(item);
    }
  }

  end(): void {
    this.#hasEnded = true;
    for (const take of this.#waiting.splice(0)) {
      take(undefined);
    }
  }

  next(): Promise<TItem | undefined> {
    const item = this.#items.shift();
    if (item !== undefined || this.#hasEnded) {
      return Promise.resolve(item);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
