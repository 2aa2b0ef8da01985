import { once } from 'node:events';
import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type Server,
  type ServerOptions,
} from 'node:http';
import { createServer as createTLSServer, get } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.js';
import { turn, until } from '../../test/support/turn.js';
import { ChunkedTarget } from './chunked-target.js';

/** A response whose head has been sent, and its client. */
interface Setup {
  readonly raw: ServerResponse;
  readonly target: ChunkedTarget;
  readonly client: Socket;
  /** The body as it was sent, with the framing of its chunks. */
  readonly body: () => string;
}

const servers: Server[] = [];

async function setUp(options: ServerOptions = {}): Promise<Setup> {
  const server = createServer(options).listen(0);
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const client = connect(port);
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const requested = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  const [, raw] = await requested;
  let received = '';
  client.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  raw.flushHeaders();
  await until(() => received.includes('\r\n\r\n'));
  const body = () => received.slice(received.indexOf('\r\n\r\n') + 4);
  return { raw, target: new ChunkedTarget(raw), client, body };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('ChunkedTarget', () => {
  it('frames text with its length in bytes', async () => {
    const { target, body } = await setUp();
    target.write('data: €\n\n');
    target.end();
    await until(() => body().endsWith('0\r\n\r\n'));
    expect(body()).toBe('b\r\ndata: €\n\n\r\n0\r\n\r\n');
  });

  it('writes short text to the connection in one piece', async () => {
    const { target, raw, body } = await setUp();
    const write = vi.spyOn(raw.socket as Socket, 'write');
    target.write('a');
    expect(write.mock.calls.map(([chunk]) => String(chunk))).toEqual(['1\r\na\r\n']);
    await until(() => body() === '1\r\na\r\n');
  });

  it('frames a text for many clients once', async () => {
    const [one, two] = [await setUp(), await setUp()];
    const writes = [one, two].map(({ raw }) => vi.spyOn(raw.socket as Socket, 'write'));
    one.target.write('to all');
    two.target.write('to all');
    expect(writes[0]?.mock.calls[0]?.[0]).toBe(writes[1]?.mock.calls[0]?.[0]);
    await until(() => two.body() === '6\r\nto all\r\n');
    expect(one.body()).toBe('6\r\nto all\r\n');
  });

  it('keeps the order of text and bytes of any length, in any turn', async () => {
    const parts = fc.array(
      fc.record({
        text: fc.string({ unit: 'grapheme', maxLength: 40 }),
        times: fc.constantFrom(1, 1, 500, 5000),
        isBytes: fc.boolean(),
        endsTurn: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(parts, async (written) => {
        const { target, body } = await setUp();
        for (const { text, times, isBytes, endsTurn } of written) {
          const chunk = text.repeat(times);
          target.write(isBytes ? Buffer.from(chunk) : chunk);
          if (endsTurn) {
            await turn();
          }
        }
        target.end();
        await until(() => body().endsWith('0\r\n\r\n'));
        expect(unframe(body())).toBe(written.map(({ text, times }) => text.repeat(times)).join(''));
      }),
      { numRuns: 30 },
    );
  });

  it('lets middleware that replaces write() later see the rest', async () => {
    const { raw, target, body } = await setUp();
    target.write('before');
    const write = vi.spyOn(raw, 'write');
    target.write('after');
    expect(write.mock.calls).toEqual([['after']]);
    await until(() => body() === '6\r\nbefore\r\n5\r\nafter\r\n');
  });

  it('lets monitoring that wraps write() of every response see all', async () => {
    const { target, body } = await setUp();
    const write = vi.spyOn(ServerResponse.prototype, 'write');
    onTestFinished(() => write.mockRestore());
    target.write('watched');
    expect(write.mock.calls).toEqual([['watched']]);
    await until(() => body() === '7\r\nwatched\r\n');
  });

  it('keeps the order over TLS', async () => {
    const { key, cert } = await makeCertificate();
    const server = createTLSServer({ key, cert }, (_request, raw) => {
      const target = new ChunkedTarget(raw);
      raw.flushHeaders();
      ['a €', 'x'.repeat(50_000), 'b'].forEach((text) => target.write(text));
      setImmediate(() => {
        target.write('c');
        target.end();
      });
    }).listen(0);
    servers.push(server);
    const { port } = server.address() as AddressInfo;
    const [response] = (await once(get({ port, ca: cert, host: '127.0.0.1' }), 'response')) as [
      IncomingMessage,
    ];
    expect(await text(response)).toBe(`a €${'x'.repeat(50_000)}bc`);
  });

  it('signals a client that does not read, and one that reads again', async () => {
    const { target, client, raw } = await setUp();
    client.pause();
    const drained = vi.fn<() => void>();
    target.on('drain', drained);
    const text = 'x'.repeat(1000);
    await until(() => !target.write(text));
    expect(raw.writableNeedDrain).toBe(true);
    client.resume();
    await until(() => drained.mock.calls.length === 1);
    expect(raw.writableLength).toBe(0);
  });

  it('leaves text to Node that fills the buffer of the connection', async () => {
    const { target, body } = await setUp({ highWaterMark: 100 });
    const drained = vi.fn<() => void>();
    target.on('drain', drained);
    expect(target.write('x'.repeat(99))).toBe(false);
    await until(() => drained.mock.calls.length === 1);
    target.end();
    await until(() => body().endsWith('0\r\n\r\n'));
    expect(unframe(body())).toBe('x'.repeat(99));
  });

  it('calls back when the system has the text', async () => {
    const { target } = await setUp();
    const onWritten = vi.fn<(error?: Error | null) => void>();
    target.write('a', onWritten);
    await until(() => onWritten.mock.calls.length === 1);
    expect(onWritten.mock.calls[0]?.[0] ?? undefined).toBeUndefined();
  });

  it('writes nothing for an empty text, which would end the body', async () => {
    const { target, body } = await setUp();
    target.write('');
    target.write('a');
    target.end();
    await until(() => body().endsWith('0\r\n\r\n'));
    expect(body()).toBe('1\r\na\r\n0\r\n\r\n');
  });

  it('writes nothing after the end or the disconnect', async () => {
    const { raw, target, client, body } = await setUp();
    raw.on('error', () => undefined);
    target.end();
    target.write('late');
    await until(() => body() === '0\r\n\r\n');
    client.destroy();
    await until(() => raw.destroyed);
    expect(() => target.write('later')).not.toThrow();
  });
});

/** Joins the chunks of a body. Source: RFC 9112, section 7.1.3. */
function unframe(body: string): string {
  let rest = Buffer.from(body);
  const chunks: Buffer[] = [];
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, end).toString(), 16);
    if (size === 0) {
      return Buffer.concat(chunks).toString();
    }
    chunks.push(rest.subarray(end + 2, end + 2 + size));
    expect(rest.subarray(end + 2 + size, end + 4 + size).toString()).toBe('\r\n');
    rest = rest.subarray(end + 4 + size);
  }
}
