import { request, type ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface StormClientOptions {
  /** Returns the URL for the next connection. */
  readonly url: () => string;
  /** The number of events to wait for. */
  readonly count: number;
  /** The data of all events, in the order of the first client. */
  readonly order: string[];
  /** Returns the number of events after which it disconnects, each time. */
  readonly dropAfter: () => number;
  /** Returns the time before it reconnects, in milliseconds. */
  readonly pause: () => number;
}

/**
 * Reads an event stream like an `EventSource`, disconnects in the middle now and then, and reconnects with its last id.
 * Keeps no events, so that many clients fit in a process.
 */
export class StormClient {
  readonly #options: StormClientOptions;
  /** The number of received events. */
  events = 0;
  /** The number of events that differed from those of other clients at the same position. */
  wrong = 0;
  gaps = 0;
  connections = 0;
  #lastId: string | undefined;
  #request: ClientRequest | undefined;

  constructor(options: StormClientOptions) {
    this.#options = options;
  }

  /** Resolves once all events have arrived. */
  async run(): Promise<void> {
    while (this.events < this.#options.count) {
      await this.#connect();
      await setTimeout(this.#options.pause());
    }
  }

  /** Disconnects permanently. */
  stop(): void {
    this.#request?.destroy();
  }

  #connect(): Promise<void> {
    const { url, count, dropAfter } = this.#options;
    const until = Math.min(count, this.events + dropAfter());
    this.connections++;
    return new Promise((resolve) => {
      const headers = this.#lastId === undefined ? {} : { 'Last-Event-ID': this.#lastId };
      const outgoing = request(url(), { agent: false, headers }, (incoming) => {
        let rest = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) {
            this.#read(block);
            if (this.events >= until) {
              outgoing.destroy();
              return;
            }
          }
        });
        incoming.on('error', () => undefined);
        incoming.on('close', resolve);
      });
      this.#request = outgoing;
      outgoing.on('error', () => resolve());
      outgoing.end();
    });
  }

  /** Reads an event with an id and data. Anything else but a heartbeat is a gap. */
  #read(block: string): void {
    const end = block.indexOf('\ndata: ');
    if (block.startsWith('id: ') && end > 0 && !block.includes('\nevent: ')) {
      this.#lastId = block.slice(4, end);
      const data = block.slice(end + 7);
      const place = this.events++;
      const { order } = this.#options;
      order[place] ??= data;
      if (order[place] !== data) {
        this.wrong++;
      }
    } else if (!block.startsWith(':')) {
      this.gaps++;
    }
  }
}
