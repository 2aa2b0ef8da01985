import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisEventLog } from '../../src/channels/redis/index.js';
import { EventChannels } from '../../src/index.js';
import { Application } from '../storm/storm-application.js';
import { buildProgram } from '../support/build-program.js';
import { makeCertificate } from '../support/certificate.js';
import { openEventStream } from '../support/event-stream-client.js';
import { folder } from '../support/folder.js';
import { RedisProcess } from '../support/redis-process.js';
import { freePort, redisProgram } from '../support/redis-server.js';

const PASSWORD = 'secret';

describe.runIf(redisProgram)('a RedisEventLog over TLS', { timeout: 60_000 }, () => {
  /** Starts a server that only speaks TLS, and asks for a password. */
  async function startServer(): Promise<{ url: string; ca: string; caFile: string }> {
    const directory = await folder();
    const { key, cert } = await makeCertificate();
    const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    await writeFile(keyFile, key);
    await writeFile(certFile, cert);
    const port = await freePort();
    const server = await RedisProcess.start(
      redisProgram ?? 'redis-server',
      [
        ['--port', '0', '--tls-port', `${port}`, '--bind', '127.0.0.1', '--save', ''],
        ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile],
        ['--tls-auth-clients', 'no', '--requirepass', PASSWORD, '--dir', directory],
      ].flat(),
      port,
      'Ready to accept connections',
    );
    onTestFinished(() => server.stop());
    return { url: `rediss://default:${PASSWORD}@127.0.0.1:${port}`, ca: cert, caFile: certFile };
  }

  it('works in a process that trusts the certificate', async () => {
    const { url, caFile } = await startServer();
    const program = await buildProgram('test/storm/application.ts');
    onTestFinished(() => program.remove());
    const variables = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: caFile };
    const application = new Application(program.file, await freePort(), variables);
    onTestFinished(() => application.stop('SIGKILL'));
    await application.start();
    await fetch(`${application.url}/publish/tls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '["a"]',
    });
    const events = await openEventStream(`${application.url}/events/tls`);
    onTestFinished(() => events.close());
    expect((await events.next())?.data).toBe('a');
  });

  it('works by a client with a certificate of its own', async () => {
    const { url, ca } = await startServer();
    const client = createClient({ url, socket: { tls: true, ca } });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    const channels = new EventChannels(new RedisEventLog({ client }));
    onTestFinished(() => channels.close());
    const events = channels.follow('tls', { from: 'start' });
    await channels.publish('tls', { data: 'a' });
    expect((await events.next()).value?.data).toBe('a');
  });

  it('rejects a certificate that is not trusted, and keeps the password to itself', async () => {
    const { url } = await startServer();
    const channels = new EventChannels(new RedisEventLog({ url }));
    onTestFinished(() => channels.close());
    const error: unknown = await channels.publish('tls', { data: 'a' }).catch((cause) => cause);
    expect((error as Error).message).toMatch(
      /^Redis at rediss:\/\/127\.0\.0\.1:\d+ cannot be reached \(self-signed certificate\)/,
    );
    expect((error as Error).message).not.toContain(PASSWORD);
  });
});
