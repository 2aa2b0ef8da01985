import { Logger } from '@nestjs/common';
import {
  EmptyResponse,
  EventChannels,
  JSONRPCResponse,
  type JSONRPCId,
  type Response,
} from 'nestjs-responses';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { MessageStreamResponse } from './message-stream-response.js';
import { readParams, type RPCNotification, type RPCRequest } from './message.js';
import { codes, type Version } from './protocol.js';
import { RPCException } from './rpc.exception.js';
import { tools, type Tool, type ToolContext } from './tools.js';

const callParams = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.object({ progressToken: z.union([z.string(), z.int()]).optional() }).optional(),
});

const cancelParams = z.object({ requestId: z.union([z.string(), z.int()]) });

type CallParams = z.infer<typeof callParams>;

/** The stream of messages that belong to no call. The streams of calls are numbered from 1. */
const OWN_STREAM = '0';

/** The maximum number of tricks of a session. */
const MAX_TRICKS = 20;

/** The state of one client. Each stream of messages is a channel, so that it can be resumed. */
export class Session {
  readonly id = randomUUID();
  readonly #logger = new Logger(Session.name);
  readonly #tricks = new Map<string, Tool>();
  /** The running calls, by the ids of their requests. */
  readonly #calls = new Map<JSONRPCId, AbortController>();
  readonly #over = new AbortController();
  #streams = 0;
  /** The connected listener of the session's own stream. Undefined before the first one. */
  #listener: AbortController | undefined;

  private constructor(
    private readonly channels: EventChannels,
    readonly version: Version,
  ) {}

  static async open(channels: EventChannels, version: Version): Promise<Session> {
    const session = new Session(channels, version);
    await session.#begin(OWN_STREAM);
    return session;
  }

  /** Throws an `RPCException` for an unknown method or invalid params. */
  async answer(request: RPCRequest): Promise<Response> {
    const { id, method } = request;
    switch (method) {
      case 'ping':
        return new JSONRPCResponse({ id, result: {} });
      case 'tools/list':
        return new JSONRPCResponse({ id, result: { tools: this.#tools().map(entryOf) } });
      case 'tools/call':
        return this.#call(id, readParams(callParams, request));
      default:
        throw new RPCException(codes.methodNotFound, `Method not found: ${method}`, { id });
    }
  }

  /** Handles messages that require no response. Ignores unknown ones. */
  receive({ method, params }: RPCNotification): void {
    if (method === 'notifications/cancelled') {
      const { data } = cancelParams.safeParse(params);
      this.#calls.get(data?.requestId ?? null)?.abort();
    }
  }

  /** Returns the session's own stream: the messages since the event `after`, then new ones. */
  async listen(after: string | undefined): Promise<Response> {
    const { stream, id } = after === undefined ? { stream: OWN_STREAM } : this.#placeOf(after);
    if (stream !== OWN_STREAM) {
      return this.#respond(stream, { after: id, signal: this.#over.signal });
    }
    // Each message is sent once, so a new listener replaces the previous one.
    const from = this.#listener ? 'now' : 'start';
    this.#listener?.abort();
    this.#listener = new AbortController();
    const signal = AbortSignal.any([this.#listener.signal, this.#over.signal]);
    return this.#respond(stream, { after: id, from, signal });
  }

  /** Stops all calls and ends all streams. */
  end(): void {
    this.#over.abort();
  }

  async #call(id: JSONRPCId, params: CallParams): Promise<Response> {
    const tool = this.#tools().find(({ name }) => name === params.name);
    if (!tool) {
      throw new RPCException(codes.invalidParams, `Unknown tool: ${params.name}`, { id });
    }
    if (!tool.isSlow) {
      const context = this.#context(params, OWN_STREAM, this.#over.signal);
      const result = await tool.run(params.arguments ?? {}, context);
      return new JSONRPCResponse({ id, result });
    }
    const stream = String(++this.#streams);
    await this.#begin(stream);
    // Continues when the client disconnects, because it may come back for the rest. It can cancel the call.
    void this.#run(tool, id, params, stream);
    return this.#respond(stream, { from: 'start', signal: this.#over.signal });
  }

  /** Runs a tool and sends its messages on a stream, which ends with the response. */
  async #run(tool: Tool, id: JSONRPCId, params: CallParams, stream: string): Promise<void> {
    const call = new AbortController();
    this.#calls.set(id, call);
    const signal = AbortSignal.any([call.signal, this.#over.signal]);
    try {
      const result = await tool.run(params.arguments ?? {}, this.#context(params, stream, signal));
      await this.#send(stream, { id, result });
    } catch (error) {
      // A cancelled call gets no response.
      if (!signal.aborted) {
        this.#logger.error(error);
        await this.#send(stream, {
          id,
          error: { code: codes.internalError, message: 'Internal error' },
        });
      }
    } finally {
      this.#calls.delete(id);
      await this.channels.end(this.#channel(stream));
    }
  }

  #context({ _meta: meta }: CallParams, stream: string, signal: AbortSignal): ToolContext {
    const progressToken = meta?.progressToken;
    return {
      signal,
      progress: async (progress, total) => {
        if (progressToken !== undefined) {
          const params = { progressToken, progress, total };
          await this.#send(stream, { method: 'notifications/progress', params });
        }
      },
      learn: async (tool) => {
        if (this.#tools().some(({ name }) => name === tool.name)) {
          return `There is a tool "${tool.name}" already.`;
        }
        if (this.#tricks.size >= MAX_TRICKS) {
          return `${MAX_TRICKS} tricks are enough.`;
        }
        this.#tricks.set(tool.name, tool);
        await this.#send(OWN_STREAM, { method: 'notifications/tools/list_changed' });
        return undefined;
      },
    };
  }

  #tools(): Tool[] {
    return [...tools, ...this.#tricks.values()];
  }

  /**
   * Starts a stream with an empty event with an id, so that a client can resume even if it disconnects before the first
   * message. Clients of the previous revision would read any event as a message.
   */
  async #begin(stream: string): Promise<void> {
    if (this.version !== '2025-06-18') {
      await this.channels.publish(this.#channel(stream), { data: '' });
    }
  }

  async #send(stream: string, message: object): Promise<void> {
    await this.channels.publish(this.#channel(stream), { data: { jsonrpc: '2.0', ...message } });
  }

  async #respond(
    stream: string,
    options: Parameters<EventChannels['respond']>[1],
  ): Promise<Response> {
    const response = await this.channels.respond(this.#channel(stream), options);
    return response instanceof EmptyResponse
      ? response
      : new MessageStreamResponse(stream, response.content);
  }

  #channel(stream: string): string {
    return `${this.id}/${stream}`;
  }

  /** Returns the stream that an event id names, and the id within it. */
  #placeOf(eventId: string): { readonly stream: string; readonly id: string } {
    const [, stream, id] = /^(\d{1,9}):(.+)$/.exec(eventId) ?? [];
    if (stream === undefined || id === undefined || Number(stream) > this.#streams) {
      throw new RPCException(
        codes.refused,
        `The Last-Event-ID "${eventId}" is not of this session.`,
        {
          statusCode: 400,
        },
      );
    }
    return { stream, id };
  }
}

/** The description of a tool for clients. */
function entryOf({ name, description, inputSchema, outputSchema }: Tool): object {
  return { name, description, inputSchema, outputSchema };
}
