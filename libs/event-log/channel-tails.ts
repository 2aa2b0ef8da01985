import { ChannelTail } from './channel-tail.js';
import type { EventLog } from './event-log.js';

/** The live ends of the channels that are followed in this process: one for each channel, as long as anyone follows it. */
export class ChannelTails {
  readonly #log: EventLog;
  readonly #tails = new Map<string, ChannelTail>();
  readonly #followers = new Map<ChannelTail, number>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** The tail of a channel, for one more follower, who gives it back by `release()`. */
  open(channel: string): ChannelTail {
    let tail = this.#tails.get(channel);
    if (!tail) {
      const created = new ChannelTail(this.#log, channel, () => {
        // Who comes now begins anew, e.g. after the log has failed.
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

  /** Gives a tail back; it stops with its last follower. */
  release(tail: ChannelTail): void {
    const followers = (this.#followers.get(tail) ?? 0) - 1;
    if (followers > 0) {
      this.#followers.set(tail, followers);
    } else {
      this.#followers.delete(tail);
      tail.stop();
    }
  }

  /** Stops all tails, and so all that follow them. */
  stop(): void {
    for (const tail of this.#followers.keys()) {
      tail.stop();
    }
  }
}
