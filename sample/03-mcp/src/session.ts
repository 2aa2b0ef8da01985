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

/** The stream of what belongs to no call; those of calls are numbered from 1. */
const OWN_STREAM = '0';

/** The most that a session learns. */
const MAX_TRICKS = 20;

/** What one client and the server know of each other. Each stream of messages is a channel, so that it can be resumed. */
export class Session {
  readonly id = randomUUID();
  readonly #logger = new Logger(Session.name);
  readonly #tricks = new Map<string, Tool>();
  /** The calls that are running, by the ids of their requests. */
  readonly #calls = new Map<JSONRPCId, AbortController>();
  readonly #over = new AbortController();
  #streams = 0;
  /** Who listens to the session's own stream; undefined before anybody has. */
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

  /** Throws an `RPCException` for a method that there is not, or params that do not fit it. */
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

  /** Acts on what needs no answer; what there is nothing to do about is left alone. */
  receive({ method, params }: RPCNotification): void {
    if (method === 'notifications/cancelled') {
      const { data } = cancelParams.safeParse(params);
      this.#calls.get(data?.requestId ?? null)?.abort();
    }
  }

  /** The session's own stream: what was missed since the event `after`, then what comes. */
  async listen(after: string | undefined): Promise<Response> {
    const { stream, id } = after === undefined ? { stream: OWN_STREAM } : this.#placeOf(after);
    if (stream !== OWN_STREAM) {
      return this.#respond(stream, { after: id, signal: this.#over.signal });
    }
    // What comes is sent once, so that who listens anew takes the place of who did before.
    const from = this.#listener ? 'now' : 'start';
    this.#listener?.abort();
    this.#listener = new AbortController();
    const signal = AbortSignal.any([this.#listener.signal, this.#over.signal]);
    return this.#respond(stream, { after: id, from, signal });
  }

  /** Stops all that runs, and ends all streams. */
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
    // Goes on when the client leaves, which may come back for the rest; it cancels what it does not want.
    void this.#run(tool, id, params, stream);
    return this.#respond(stream, { from: 'start', signal: this.#over.signal });
  }

  /** Runs a tool, and sends what it says on a stream, which ends with the answer. */
  async #run(tool: Tool, id: JSONRPCId, params: CallParams, stream: string): Promise<void> {
    const call = new AbortController();
    this.#calls.set(id, call);
    const signal = AbortSignal.any([call.signal, this.#over.signal]);
    try {
      const result = await tool.run(params.arguments ?? {}, this.#context(params, stream, signal));
      await this.#send(stream, { id, result });
    } catch (error) {
      // A call that was cancelled is not answered.
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
   * Begins a stream with an event that has an id and says nothing, so that a client which loses its connection before
   * anything was said can ask for the rest. Clients of the revision before take an event for a message, whatever it says.
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

  /** The stream that the id of an event names, and its id there. */
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

/** A tool as a client is told of it. */
function entryOf({ name, description, inputSchema, outputSchema }: Tool): object {
  return { name, description, inputSchema, outputSchema };
}
