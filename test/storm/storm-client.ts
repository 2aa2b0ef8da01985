import { request, type ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface StormClientOptions {
  /** Where the client connects to next. */
  readonly url: () => string;
  /** How many events it waits for. */
  readonly count: number;
  /** The data of all events, in the order in which the first client had them. */
  readonly order: string[];
  /** After how many more events it leaves, each time. */
  readonly dropAfter: () => number;
  /** How long it waits before it reconnects, in milliseconds. */
  readonly pause: () => number;
}

/**
 * Reads an event stream as an `EventSource` does, leaves in the middle of it now and then, and comes back with its last
 * id. It keeps no event, so that many of them fit into a process.
 */
export class StormClient {
  readonly #options: StormClientOptions;
  /** How many events have come. */
  events = 0;
  /** How many of them were others than those that the other clients had in their place. */
  wrong = 0;
  gaps = 0;
  connections = 0;
  #lastId: string | undefined;
  #request: ClientRequest | undefined;

  constructor(options: StormClientOptions) {
    this.#options = options;
  }

  /** Settles once all events have come. */
  async run(): Promise<void> {
    while (this.events < this.#options.count) {
      await this.#connect();
      await setTimeout(this.#options.pause());
    }
  }

  /** Leaves for good. */
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

  /** Reads an event of an id and of data; anything else than a heartbeat is a gap. */
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
