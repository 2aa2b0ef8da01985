import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { EventChannels } from 'nestjs-responses';
import { codes, type Version } from './protocol.js';
import { RPCException } from './rpc.exception.js';
import { Session } from './session.js';

/** The most sessions that are open at a time: past it, the one that was opened first is ended. */
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

  /** Throws an `RPCException` where there is no such session. */
  get(id: string | undefined): Session {
    if (id === undefined) {
      throw new RPCException(
        codes.refused,
        'The request has no Mcp-Session-Id. Send the one that came with the answer to "initialize".',
        { statusCode: 400 },
      );
    }
    const session = this.#sessions.get(id);
    if (!session) {
      throw new RPCException(codes.refused, 'There is no such session. Initialize another.', {
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
