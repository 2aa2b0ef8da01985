import { Controller, Get, Param } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Http2SecureServer } from 'node:http2';
import type { Browser, BrowserContext } from 'playwright-core';
import { Subject } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { HTMLResponse, NDJSONResponse, ServerSentEventResponse } from '../../src/index.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { makeCertificate, type Certificate } from '../support/certificate.js';
import { nginxProgram, startNginx } from '../support/nginx.js';
import { platforms, start } from '../support/platforms.js';
import { Reports } from '../support/reports.js';
import { until } from '../support/turn.js';

/** Far more than the six connections that a browser opens to a host. */
const STREAMS = 100;
/** More than that as well, and no more, as a tab is a process of its own. */
const TABS = 8;

const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>A page</title>';

/** Has a page read lines of many streams, and tell of each line, and of how each stream ended. */
const READ_ALL = `for (let stream = 0; stream < ${STREAMS}; stream += 1) {
  const read = async () => {
    const { body } = await fetch('/lines/' + stream);
    await report({ stream, told: 'open' });
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      await report({ stream, told: done ? 'end' : value });
      if (done) {
        return;
      }
    }
  };
  void read().catch((error) => report({ stream, told: String(error) }));
}`;

/** Tells by which protocol the page itself came. */
const PROTOCOL = `performance.getEntriesByType('navigation')[0].nextHopProtocol`;

interface Report {
  readonly stream: number;
  readonly told: string;
}

/** Where the items of each stream come from. */
let sources: Subject<number>[];
let events: Subject<number>;
/** The HTTP/2 connections that reach the application. */
let sessions: Set<unknown>;
beforeEach(() => {
  sessions = new Set();
  sources = Array.from({ length: STREAMS }, () => new Subject<number>());
  events = new Subject();
});

@Controller()
class StreamsController {
  @Get()
  page(): HTMLResponse {
    return new HTMLResponse(BLANK);
  }

  @Get('lines/:stream')
  lines(@Param('stream') stream: string): NDJSONResponse {
    return new NDJSONResponse(sources[Number(stream)] ?? []);
  }

  @Get('events')
  events(): ServerSentEventResponse {
    // Sends something before the first event, because nginx holds back the head until then over HTTP/2.
    return new ServerSentEventResponse(events, { retry: 1000 });
  }
}

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate();
});

/** Who speaks HTTP/2 to the browser. */
const servers: readonly {
  readonly by: string;
  readonly isNginx: boolean;
  readonly open: () => Promise<string>;
}[] = [
  {
    by: 'by Fastify',
    isNginx: false,
    open: async () => {
      const adapter = () => new FastifyAdapter({ http2: true, https: certificate });
      const { port } = await start(
        { name: 'Fastify', adapter },
        {
          controllers: [StreamsController],
          configure: (app) =>
            (app.getHttpServer() as Http2SecureServer).on('stream', ({ session }) =>
              sessions.add(session),
            ),
        },
      );
      return `https://127.0.0.1:${port}`;
    },
  },
  ...(nginxProgram ? platforms : []).map((platform) => ({
    by: `by nginx in front of ${platform.name}`,
    isNginx: true,
    open: async () => {
      const { port } = await start(platform, { controllers: [StreamsController] });
      return (await startNginx(port, { certificate })).url;
    },
  })),
];

describe.runIf(chromiumProgram)('Streams over HTTP/2 in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  async function openContext(): Promise<{ context: BrowserContext; reports: Reports<Report> }> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    onTestFinished(() => context.close());
    const reports = new Reports<Report>();
    await context.exposeFunction('report', reports.add);
    return { context, reports };
  }

  describe.each(servers)('$by', ({ open, isNginx }) => {
    it('can be many in one page, and one that fails does not affect the others', async () => {
      const url = await open();
      const { context, reports } = await openContext();
      const page = await context.newPage();
      await page.goto(url);
      expect(await page.evaluate(PROTOCOL)).toBe('h2');
      await page.evaluate(READ_ALL);
      // Over HTTP/2, nginx keeps the head until the first item.
      await until(() => sources.every(({ observed }) => observed));
      sources.forEach((source) => source.next(0));
      await reports.count(2 * STREAMS);
      expect(sessions.size).toBe(isNginx ? 0 : 1);
      const failed = 42;
      sources[failed]?.error(new Error('failed'));
      const toldBy = (stream: number) =>
        reports.all.filter((one) => one.stream === stream).map(({ told }) => told);
      const lines: string[] = ['0\n'];
      // nginx reports a failure with its next output on the connection.
      while (toldBy(failed).length < 3) {
        const line = `${lines.length}\n`;
        sources.forEach((source) => source.next(lines.length));
        lines.push(line);
        await reports.until(
          (all) => all.filter(({ told }) => told === line).length === STREAMS - 1,
        );
      }
      sources[0]?.complete();
      await reports.until((all) => all.at(-1)?.told === 'end');
      expect(toldBy(failed)).toEqual(['open', '0\n', 'TypeError: network error']);
      expect(toldBy(0)).toEqual(['open', ...lines, 'end']);
      const others = [...sources.keys()].filter((stream) => ![0, failed].includes(stream));
      expect(others.map(toldBy)).toEqual(others.map(() => ['open', ...lines]));
      await page.goto('about:blank');
      await until(() => !sources.some(({ observed }) => observed));
    });

    it('are read in more tabs than the browser has connections', async () => {
      const url = await open();
      const { context, reports } = await openContext();
      for (let tab = 0; tab < TABS; tab += 1) {
        const page = await context.newPage();
        await page.goto(url);
        await page.evaluate(`{
          globalThis.source = new EventSource('/events');
          source.onopen = () => report({ stream: ${tab}, told: 'open' });
          source.onmessage = ({ data }) => report({ stream: ${tab}, told: data });
        }`);
      }
      await reports.count(TABS);
      events.next(1);
      await reports.count(2 * TABS);
      const tabs = (told: string) =>
        reports.all
          .filter((one) => one.told === told)
          .map(({ stream }) => stream)
          .toSorted((a, b) => a - b);
      expect([tabs('open'), tabs('1')]).toEqual(
        Array.from({ length: 2 }, () => Array.from({ length: TABS }, (_, tab) => tab)),
      );
    });
  });
});
