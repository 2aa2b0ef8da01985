/** An event was published to a channel that has ended. @publicApi */
export class ChannelEndedError extends Error {
  /** Tells this error from others in a log. */
  override readonly name = 'ChannelEndedError';

  constructor(
    /** The name of the channel. */
    readonly channel: string,
  ) {
    super(
      `The channel ${JSON.stringify(channel)} has ended, so that its clients have gone and nothing more can be ` +
        'published to it. Publish before end(), or to a channel of another name.',
    );
  }
}
