import { ServerSentEvent, ServerSentEventResponse, type StreamContent } from 'nestjs-responses';

/** Sends the messages of one stream of a session. The event ids name the stream, so that a client can resume it. */
export class MessageStreamResponse extends ServerSentEventResponse<ServerSentEvent> {
  readonly #name: string;

  constructor(name: string, messages: StreamContent<ServerSentEvent>) {
    super(messages);
    this.#name = name;
  }

  override encode({ id, event, data }: ServerSentEvent): string {
    return super.encode(new ServerSentEvent({ id: id && `${this.#name}:${id}`, event, data }));
  }
}
