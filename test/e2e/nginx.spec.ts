import { finalize, Observable, range, Subject } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  NDJSONResponse,
  ServerSentEventResponse,
  StreamingResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { nginxProgram, startNginx } from '../support/nginx.js';
import { platforms } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';
import { serve } from '../support/serve.js';
import { openText } from '../support/text-client.js';
import { until } from '../support/turn.js';

/** Where the items of a test come from. */
let items: Subject<number>;
beforeEach(() => {
  items = new Subject();
});

class CSVResponse extends StreamingResponse<number> {
  override readonly mediaType = 'text/csv';

  encode(item: number): string {
    return `${item};${item ** 2}\r\n`;
  }
}

const kinds: {
  readonly kind: string;
  readonly respond: () => Response;
  readonly wire: (item: number) => string;
}[] = [
  {
    kind: 'events',
    respond: () => new ServerSentEventResponse(items),
    wire: (item) => `data: ${item}\n\n`,
  },
  { kind: 'NDJSON', respond: () => new NDJSONResponse(items), wire: (item) => `${item}\n` },
  {
    kind: "a class of the user's own",
    respond: () => new CSVResponse(items),
    wire: (item) => `${item};${item ** 2}\r\n`,
  },
];
const ERROR =
  'event: error\ndata: {"detail":"Internal Server Error","error":null,"status_code":500}\n\n';

const set = [
  { as: 'at its defaults', directives: '' },
  { as: 'with HTTP/1.1 to its upstream', directives: 'proxy_http_version 1.1;' },
  { as: 'compressing all types', directives: 'gzip on; gzip_types *;' },
  {
    as: 'compressing all types, with HTTP/1.1 to its upstream',
    directives: 'gzip on; gzip_types *; proxy_http_version 1.1;',
  },
];
const headers = { 'accept-encoding': 'gzip' };

describe.runIf(nginxProgram)('Streams behind nginx', () => {
  describe.each(platforms)('on $name', (platform) => {
    describe.each(set)('$as', ({ directives }) => {
      it.each(kinds)(
        'arrive as they are produced, with the head before the first item: $kind',
        async ({ respond, wire }) => {
          const { port } = await serve(platform, respond);
          const { url } = await startNginx(port, { directives });
          const client = await openText(url, { headers });
          expect(client.headers['content-encoding']).toBe(
            directives.includes('gzip') ? 'gzip' : undefined,
          );
          let received = '';
          for (let item = 0; item < 5; item += 1) {
            items.next(item);
            received += wire(item);
            await client.receive(wire(item));
          }
          items.complete();
          expect(await client.ended).toBe('end');
          expect(client.text).toBe(received);
        },
      );

      it.each(kinds)(
        'that fail send an event, or are cut: $kind',
        async ({ kind, respond, wire }) => {
          const { port } = await serve(platform, respond);
          const { url } = await startNginx(port, { directives });
          const client = await openText(url, { headers });
          items.next(0);
          await client.receive(wire(0));
          items.error(new Error('failed'));
          expect(await client.ended).toBe(kind === 'events' ? 'end' : 'cut');
          expect(client.text).toBe(kind === 'events' ? wire(0) + ERROR : wire(0));
        },
      );

      it.each(kinds)(
        'are stopped when the client disconnects: $kind',
        async ({ respond, wire }) => {
          const { port } = await serve(platform, respond);
          const { url } = await startNginx(port, { directives });
          const client = await openText(url, { headers });
          items.next(0);
          await client.receive(wire(0));
          client.leave();
          await until(() => !items.observed);
          expect(client.text).toBe(wire(0));
        },
      );

      it('are complete, regardless of the amount that is produced at once', async () => {
        const { port } = await serve(platform, () => new NDJSONResponse(range(0, 200_000)));
        const { url } = await startNginx(port, { directives });
        const client = await openText(url, { headers });
        expect(await client.ended).toBe('end');
        const lines = client.text.split('\n');
        expect(lines).toHaveLength(200_001);
        expect(lines.findIndex((line, i) => line !== String(i))).toBe(200_000);
      });
    });

    it('that fail in the turn of an item are cut after it, even with HTTP/1.0 to the upstream', async () => {
      const { port } = await serve(
        platform,
        () =>
          new NDJSONResponse(
            new Observable((subscriber) => {
              subscriber.next(0);
              subscriber.error(new Error('failed'));
            }),
          ),
      );
      const { url } = await startNginx(port);
      const client = await openText(url);
      expect(await client.ended).toBe('cut');
      expect(client.text).toBe('0\n');
    });

    it('do not wait in nginx for a client that is not reading', async () => {
      const logger = new LogCollector();
      const flood = new Observable<string>((subscriber) => {
        const timer = setInterval(() => subscriber.next('x'.repeat(100_000)), 0);
        return () => clearInterval(timer);
      });
      let isStopped = false;
      const { port } = await serve(
        platform,
        () => new NDJSONResponse(flood.pipe(finalize(() => (isStopped = true)))),
        { application: { logger } },
      );
      const { port: proxy } = await startNginx(port);
      const client = await RawClient.connect(proxy);
      client.request('GET / HTTP/1.1');
      await client.receive('xxx');
      client.socket.pause();
      await until(() => isStopped);
      expect(logger.entries).toEqual([
        expect.stringContaining('the client does not read its NDJSONResponse, more than 4194304'),
      ]);
    });

    it.each<[what: string, given: Record<string, string>, sent: string]>([
      ['nothing', {}, 'no'],
      ['that it may', { 'X-Accel-Buffering': 'yes' }, 'yes'],
    ])('tell nginx not to buffer them if the application says %s', async (_, given, sent) => {
      const { url } = await serve(platform, () => new NDJSONResponse([], { headers: given }));
      expect((await send(url)).headers['x-accel-buffering']).toBe(sent);
    });
  });

  it('are kept open by heartbeats for longer than nginx waits for its upstream', async () => {
    await Promise.all(
      platforms.map(async (platform) => {
        const events = new Subject<number>();
        const { port } = await serve(
          platform,
          ({ url }) => new ServerSentEventResponse(events, { heartbeat: url === '/?kept' && 1000 }),
        );
        const { url } = await startNginx(port, { directives: 'proxy_read_timeout 5s;' });
        const kept = await openText(`${url}/?kept`);
        const quiet = await openText(`${url}/?quiet`);
        // The one without heartbeats, opened last, is what tells that the time is over.
        expect(await quiet.ended).toBe('cut');
        expect(kept.text).toMatch(/^(: heartbeat\n\n)+$/);
        events.next(1);
        await kept.receive('data: 1\n\n');
      }),
    );
  });
});
