/** Thrown if an event is published to a channel that has ended. @publicApi */
export class ChannelEndedError extends Error {
  /** The name of this error. */
  override readonly name = 'ChannelEndedError';

  constructor(
    /** The name of the channel. */
    readonly channel: string,
  ) {
    super(
      `The channel ${JSON.stringify(channel)} has ended. It accepts no more events. ` +
        'Publish before end(), or use another channel.',
    );
  }
}
