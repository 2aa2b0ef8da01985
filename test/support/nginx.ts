import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Certificate } from './certificate.js';
import { findProgram } from './programs.js';
import { freePort } from './redis-server.js';

/** The path of nginx. Undefined if it is not installed. */
export const nginxProgram = findProgram('nginx');

/** The number of further ports to try if a port has been taken meanwhile. */
const ATTEMPTS = 5;

export interface RunningProxy {
  readonly port: number;
  /** The root of the proxy, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
}

export interface ProxyOptions {
  /** Directives of its `server` block, e.g. `proxy_http_version 1.1;`. @default none */
  readonly directives?: string;
  /** Serves clients over TLS, with HTTP/2 if they support it. @default none */
  readonly certificate?: Certificate;
}

/**
 * Starts nginx in front of a loopback port, with its defaults except for the given directives. Stopped when the test is
 * done.
 */
export async function startNginx(
  upstream: number,
  { directives = '', certificate }: ProxyOptions = {},
): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (certificate) {
    await writeFile(join(folder, 'key.pem'), certificate.key);
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
  }
  const said: string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const listen = certificate
      ? `listen 127.0.0.1:${port} ssl http2; ssl_certificate cert.pem; ssl_certificate_key key.pem;`
      : `listen 127.0.0.1:${port};`;
    await writeFile(
      join(folder, 'nginx.conf'),
      configuration(folder, upstream, `${listen}\n    ${directives}`),
    );
    const child = spawn(
      nginxProgram ?? 'nginx',
      ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const exit = once(child, 'exit');
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      // It listens before it starts its workers.
      if (line.includes('start worker process ')) {
        // Further output must not fill the pipe.
        child.stderr.resume();
        onTestFinished(async () => {
          child.kill('SIGTERM');
          await exit;
        });
        return { port, url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}` };
      }
    }
    await exit;
  }
  throw new Error(`nginx did not start:\n${said.join('\n')}`);
}

function configuration(folder: string, upstream: number, directives: string): string {
  // Workers run as the master's user, because another user cannot access the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .join('\n  ');
  return `${user}
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary}
  server {
    ${directives}
    location / {
      proxy_pass http://127.0.0.1:${upstream};
    }
  }
}
`;
}
