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
  /** Returns the next event. Undefined at the end of the stream, proper or not. */
  next(): Promise<EventSourceMessage | undefined>;
  /** Returns the next comment. Undefined at the end of the stream. */
  nextComment(): Promise<string | undefined>;
  /** Disconnects, like a client whose network is gone. */
  close(): void;
}

/** Opens an event stream. Resolves with its head, and rejects if there is none. */
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
  // A stream that was cut counts as ended.
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

/** The received items, and the readers that wait for the next ones. */
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
