import { ServerSentEvent, ServerSentEventResponse, type StreamContent } from 'nestjs-responses';

/** The messages of one of the streams of a session, whose ids name the stream, so that a client can go on with it. */
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
