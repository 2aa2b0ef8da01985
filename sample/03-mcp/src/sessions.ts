import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { EventChannels } from 'nestjs-responses';
import { codes, type Version } from './protocol.js';
import { RPCException } from './rpc.exception.js';
import { Session } from './session.js';

/** The maximum number of open sessions. Above it, the oldest one is ended. */
const MAX_SESSIONS = 1000;

/** The sessions of all clients, by their ids. */
@Injectable()
export class Sessions implements BeforeApplicationShutdown {
  readonly #sessions = new Map<string, Session>();

  constructor(private readonly channels: EventChannels) {}

  async open(version: Version): Promise<Session> {
    const [oldest] = this.#sessions.values();
    if (oldest && this.#sessions.size >= MAX_SESSIONS) {
      this.end(oldest);
    }
    const session = await Session.open(this.channels, version);
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Throws an `RPCException` for an unknown session. */
  get(id: string | undefined): Session {
    if (id === undefined) {
      throw new RPCException(
        codes.refused,
        'The request has no Mcp-Session-Id. Send the one from the response to "initialize".',
        { statusCode: 400 },
      );
    }
    const session = this.#sessions.get(id);
    if (!session) {
      throw new RPCException(codes.refused, 'The session does not exist. Initialize a new one.', {
        statusCode: 404,
      });
    }
    return session;
  }

  end(session: Session): void {
    this.#sessions.delete(session.id);
    session.end();
  }

  beforeApplicationShutdown(): void {
    this.#sessions.forEach((session) => this.end(session));
  }
}
