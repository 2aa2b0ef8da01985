import { ChannelTail } from './channel-tail.js';
import type { EventLog } from './event-log.js';

/** The live ends of the channels that are followed in this process, one per channel. */
export class ChannelTails {
  readonly #log: EventLog;
  readonly #tails = new Map<string, ChannelTail>();
  readonly #followers = new Map<ChannelTail, number>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Returns the tail of a channel for a new follower, which must `release()` it. */
  open(channel: string): ChannelTail {
    let tail = this.#tails.get(channel);
    if (!tail) {
      const created = new ChannelTail(this.#log, channel, () => {
        // Later followers get a new tail, e.g. after the log has failed.
        if (this.#tails.get(channel) === created) {
          this.#tails.delete(channel);
        }
      });
      tail = created;
      this.#tails.set(channel, tail);
    }
    this.#followers.set(tail, (this.#followers.get(tail) ?? 0) + 1);
    return tail;
  }

  /** Releases a tail. It stops with its last follower. */
  release(tail: ChannelTail): void {
    const followers = (this.#followers.get(tail) ?? 0) - 1;
    if (followers > 0) {
      this.#followers.set(tail, followers);
    } else {
      this.#followers.delete(tail);
      tail.stop();
    }
  }

  /** Stops all tails and their followers. */
  stop(): void {
    for (const tail of this.#followers.keys()) {
      tail.stop();
    }
  }
}
