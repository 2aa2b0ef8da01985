import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram, type BuiltProgram } from '../../test/support/build-program.js';
import { openEventStream, type OpenedStream } from '../../test/support/event-stream-client.js';
import { platforms, start } from '../../test/support/platforms.js';
import { freePort, redisProgram, RedisServer } from '../../test/support/redis-server.js';
import { AppModule } from './src/app.module.js';

/** Processes take their time to start on a busy machine. */
const PATIENCE = { timeout: 60_000 };

const publish = (url: string, text: string, signal?: AbortSignal) =>
  fetch(`${url}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text }),
    signal,
  });

/** Which process serves a stream. */
async function processOf(stream: OpenedStream): Promise<number> {
  const event = await stream.next();
  expect(event?.event).toBe('process');
  return (JSON.parse(event?.data ?? '') as { pid: number }).pid;
}

const textOf = (event: { readonly data: string } | undefined) =>
  (JSON.parse(event?.data ?? 'null') as { text: string } | null)?.text;

describe.each(platforms)('sample/04-channels on $name, in memory', (platform) => {
  const startSample = () => start(platform, { responses: false, imports: [AppModule] });

  it('shows messages published in another tab, and earlier ones', async () => {
    const { url } = await startSample();
    expect((await publish(url, 'one')).status).toBe(201);
    const tabs = await Promise.all([1, 2].map(() => openEventStream(`${url}/messages/events`)));
    await publish(url, 'two');
    for (const tab of tabs) {
      expect(await processOf(tab)).toBe(process.pid);
      expect([textOf(await tab.next()), textOf(await tab.next())]).toEqual(['one', 'two']);
    }
  });

  it('has a page', async () => {
    const { url } = await startSample();
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain("new EventSource('/messages/events')");
  });

  it.each(['', 'x'.repeat(1001)])('rejects a message with a wrong length', async (text) => {
    const { url } = await startSample();
    expect((await publish(url, text)).status).toBe(400);
  });

  it('does not kill its only process', async () => {
    const { url } = await startSample();
    const { status } = await fetch(`${url}/processes/${process.pid}/kill`, { method: 'POST' });
    expect(status).toBe(404);
  });
});

describe.runIf(redisProgram)('sample/04-channels on Redis', () => {
  let server: RedisServer;
  let program: BuiltProgram;
  beforeAll(async () => {
    [server, program] = await Promise.all([
      RedisServer.start(),
      buildProgram('sample/04-channels/src/main.ts'),
    ]);
  });
  afterAll(async () => {
    await server.remove();
    await program.remove();
  });

  it('loses nothing when the process that serves a tab is killed', async () => {
    const port = await freePort();
    const env = { ...process.env, PORT: `${port}`, REDIS_URL: server.url };
    const sample = spawn(process.execPath, [program.file], { env, stdio: 'ignore' });
    onTestFinished(async () => {
      const exit = once(sample, 'exit');
      sample.kill();
      await exit;
    });
    const url = `http://127.0.0.1:${port}`;
    const connect = async (lastEventId?: string) => {
      let tab: OpenedStream | undefined;
      await expect
        .poll(async () => {
          tab = await openEventStream(`${url}/messages/events`, lastEventId);
          return tab.status;
        }, PATIENCE)
        .toBe(200);
      return tab as OpenedStream;
    };

    let tab = await connect();
    for (let round = 0; round < 3; round++) {
      const victim = await processOf(tab);
      await publish(url, `before ${round}`);
      const before = await tab.next();
      expect(textOf(before)).toBe(`before ${round}`);
      await fetch(`${url}/processes/${victim}/kill`, { method: 'POST' });
      expect(await tab.next()).toBeUndefined();
      // A connection that Node's cluster has handed to a process which is dying is answered by none.
      await expect
        .poll(async () => {
          const signal = AbortSignal.timeout(10_000);
          return (await publish(url, `after ${round}`, signal)).status;
        }, PATIENCE)
        .toBe(201);
      tab = await connect(before?.id);
      expect(await processOf(tab)).not.toBe(victim);
      const after = await tab.next();
      expect(textOf(after)).toBe(`after ${round}`);
      tab.close();
      tab = await connect(after?.id);
    }
  }, 200_000);
});
