import { AbstractChat, DefaultChatTransport, type ChatState, type UIMessage } from 'ai';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventChannels } from '../../src/index.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';

type Sample = typeof import('../../sample/02-chat/src/app.module.js');

// It uses a pipe of NestJS 12, and cannot be loaded on NestJS 11.
const { AppModule } = (
  isNest11 ? {} : await import('../../sample/02-chat/src/app.module.js')
) as Sample;

/** The state of a chat, without a user interface. */
class PlainState implements ChatState<UIMessage> {
  status: ChatState<UIMessage>['status'] = 'ready';
  error: Error | undefined;

  constructor(public messages: UIMessage[]) {}

  pushMessage(message: UIMessage): void {
    this.messages = [...this.messages, message];
  }

  popMessage(): void {
    this.messages = this.messages.slice(0, -1);
  }

  replaceMessage(index: number, message: UIMessage): void {
    this.messages = this.messages.with(index, message);
  }

  snapshot<TThing>(thing: TThing): TThing {
    return structuredClone(thing);
  }
}

/** What `useChat` makes of the package, with no React around it. */
class Chat extends AbstractChat<UIMessage> {
  /** @param messages as a reloaded page has them */
  constructor(url: string, id: string, messages: UIMessage[] = []) {
    super({
      id,
      state: new PlainState(messages),
      transport: new DefaultChatTransport({ api: `${url}/api/chat`, body: { model: 'counter' } }),
    });
  }

  /** The messages of the assistant. */
  get answers(): string[] {
    return this.messages
      .filter(({ role }) => role === 'assistant')
      .map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
  }
}

/** Looks often, as an answer goes on meanwhile. */
const PATIENCE = { interval: 1, timeout: 20_000 };

const count = (to: number) => Array.from({ length: to }, (_, i) => i + 1).join(' ');

/** Asks for an answer, and leaves when some of it has come. Gives what a page has kept of its chat. */
async function askAndLeave(url: string, id: string, text: string): Promise<UIMessage[]> {
  const chat = new Chat(url, id);
  void chat.sendMessage({ text });
  await vi.waitUntil(() => chat.answers[0]?.includes(' 3'), PATIENCE);
  await chat.stop();
  return chat.messages.filter(({ role }) => role === 'user');
}

const startSample = (platform: Platform) =>
  start(platform, { responses: false, imports: [AppModule] });

describe.skipIf(isNest11).each(platforms)(
  'sample/02-chat on $name, for the client of the AI SDK',
  (platform) => {
    it('answers, and continues the chat', async () => {
      const { url } = await startSample(platform);
      const chat = new Chat(url, '1');
      await chat.sendMessage({ text: '3' });
      expect(chat.status).toBe('ready');
      expect(chat.answers).toEqual(['1 2 3']);
      await chat.sendMessage({ text: '2' });
      expect(chat.answers).toEqual(['1 2 3', '1 2']);
    });

    it('resumes an answer after a reload', async () => {
      const { url } = await startSample(platform);
      const kept = await askAndLeave(url, '1', '40');
      const reloaded = new Chat(url, '1', kept);
      await reloaded.resumeStream();
      expect(reloaded.status).toBe('ready');
      expect(reloaded.answers).toEqual([count(40)]);
      // The answer is complete, so there is nothing to resume.
      await reloaded.resumeStream();
      expect(reloaded.status).toBe('ready');
      expect(reloaded.answers).toEqual([count(40)]);
    });

    it('has nothing to resume in a new chat', async () => {
      const { url } = await startSample(platform);
      const chat = new Chat(url, 'new');
      await chat.resumeStream();
      expect([chat.status, chat.messages]).toEqual(['ready', []]);
    });

    it('reports an answer that is cut, and a bad request', async () => {
      const { url, app } = await startSample(platform);
      const chat = new Chat(url, '1');
      const sent = chat.sendMessage({ text: '1000' });
      await vi.waitUntil(() => chat.answers[0]?.includes(' 3'), PATIENCE);
      // Stops what is being written, as a shutdown does, and says so.
      await app.get(EventChannels).close();
      await sent;
      expect(chat.status).toBe('error');
      const other = new Chat(url, '');
      await other.sendMessage({ text: '1' });
      expect(other.error?.message).toContain('"id\\" is not valid');
    });
  },
);

describe.skipIf(isNest11 || !redisProgram)(
  'two applications of sample/02-chat on Redis, for the client of the AI SDK',
  () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await RedisServer.start();
    });
    afterAll(() => server.remove());

    it.each(platforms)('resume an answer of the other one ($name)', async (platform) => {
      vi.stubEnv('REDIS_URL', server.url);
      onTestFinished(() => void vi.unstubAllEnvs());
      const [one, other] = await Promise.all([startSample(platform), startSample(platform)]);
      const kept = await askAndLeave(one.url, platform.name, '40');
      const reloaded = new Chat(other.url, platform.name, kept);
      await reloaded.resumeStream();
      expect(reloaded.answers).toEqual([count(40)]);
    });
  },
);
