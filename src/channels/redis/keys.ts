/** The Redis keys of event channels. */
export class Keys {
  /**
   * @param prefix the start of every key
   * @param shards the number of groups of channels
   */
  constructor(
    private readonly prefix: string,
    readonly shards: number,
  ) {}

  /** Returns the shard of a channel, from 0 on. */
  shardOf(channel: string): number {
    // The 32-bit FNV-1a hash.
    let hash = 0x811c9dc5;
    for (let index = 0; index < channel.length; index++) {
      hash = Math.imul(hash ^ channel.charCodeAt(index), 0x01000193);
    }
    return (hash >>> 0) % this.shards;
  }

  /** Returns the keys of a channel: its stream, and its place, the id of its last entry. */
  of(channel: string): { readonly stream: string; readonly place: string } {
    // Keys are sent as UTF-8, which would replace every lone surrogate with the same character.
    const name = channel.replace(
      /[%\p{Surrogate}]/gu,
      (character) => `%${character.charCodeAt(0).toString(16)}`,
    );
    const shard = this.shardOf(channel);
    return { stream: this.#key(shard, 'events', name), place: this.#key(shard, 'place', name) };
  }

  /** Returns the key of the stream with which a process wakes its own reader of a shard. */
  wake(shard: number, reader: string): string {
    return this.#key(shard, 'wake', reader);
  }

  /** All keys of a shard have the same hash tag, so that they are in the same slot of a cluster. */
  #key(shard: number, kind: string, name: string): string {
    return `${this.prefix}:{${shard}}:${kind}:${name}`;
  }
}
