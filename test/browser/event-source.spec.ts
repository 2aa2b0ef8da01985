import { BadRequestException, Controller, Get, type INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { concat, defer, finalize, from, of, Subject, throwError } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  EmptyResponse,
  HTMLResponse,
  LastEventId,
  ServerSentEvent,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { deferred, type Deferred } from '../support/deferred.js';
import { platforms, start } from '../support/platforms.js';
import { Reports } from '../support/reports.js';

/** A report of a page: the data of an event by its name, or a change of its connection. */
interface Report {
  readonly tab: string;
  readonly type: string;
  readonly data?: string;
}

/** Opens an `EventSource` in a page that reports everything that happens to it. */
const open = (path: string, { tab = '', names = [] as readonly string[] } = {}) => `{
  const tab = ${JSON.stringify(tab)};
  const source = (globalThis.source = new EventSource('${path}'));
  source.addEventListener('open', () => report({ tab, type: 'open' }));
  for (const name of ${JSON.stringify(['message', 'error', ...names])}) {
    source.addEventListener(name, ({ type, data }) => {
      if (data !== undefined) {
        report({ tab, type, data });
      } else if (source.readyState === EventSource.CLOSED) {
        report({ tab, type: 'closed' });
      }
    });
  }
}`;

const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>A page</title>';

/** Strings as a server sends them as data, and as a page gets them: CR and CRLF are breaks of lines like LF. */
const texts: readonly [what: string, sent: string, received: string][] = [
  ['one line', 'a', 'a'],
  ['nothing', '', ''],
  ['spaces at its ends', ' a ', ' a '],
  ['a colon', ': a', ': a'],
  ['LF', 'a\nb', 'a\nb'],
  ['CR', 'a\rb', 'a\nb'],
  ['CRLF', 'a\r\nb', 'a\nb'],
  ['breaks in a row', 'a\n\n\r\r\n\r\nb', 'a\n\n\n\n\nb'],
  ['breaks at its ends', '\na\n', '\na\n'],
  ['what looks like fields', 'a\nid: 7\nevent: b\n\ndata: c', 'a\nid: 7\nevent: b\n\ndata: c'],
  ['other breaks of Unicode', 'a\u2028b\u2029c\u0085d\ve\ff', 'a\u2028b\u2029c\u0085d\ve\ff'],
  ['emoji', '🐶 👩‍👩‍👧 🇪🇺', '🐶 👩‍👩‍👧 🇪🇺'],
  ['NUL', 'a\0b', 'a\0b'],
  ['a byte order mark', '\ufeffa', '\ufeffa'],
  ['half a character', 'a\ud83d', 'a\ufffd'],
  ['a long line', 'é'.repeat(1_000_000), 'é'.repeat(1_000_000)],
];

/** Where the events of a test come from. */
let items: Subject<unknown>;
/** Settles once they are no longer wanted. */
let stopped: Deferred<void>;
/** The events that have been published so far. */
let published: ServerSentEvent[];
let live: Subject<ServerSentEvent>;
/** The ids that clients came back with, by path. */
let returned: string[];
beforeEach(() => {
  items = new Subject();
  stopped = deferred();
  published = [];
  live = new Subject();
  returned = [];
});

function publish(...numbers: number[]): void {
  for (const number of numbers) {
    // Not of ASCII, as browsers send ids back in UTF-8.
    const event = new ServerSentEvent({ id: `№ ${number}`, data: number });
    published.push(event);
    live.next(event);
  }
}

@Controller()
class EventsController {
  @Get()
  page(): Response {
    return new HTMLResponse(BLANK);
  }

  @Get('items')
  items(): Response {
    return new ServerSentEventResponse(items.pipe(finalize(() => stopped.resolve())));
  }

  @Get('failing')
  failing(): Response {
    return new ServerSentEventResponse(
      concat(
        of('first'),
        throwError(() => new BadRequestException('no such puppy')),
      ),
    );
  }

  @Get('published')
  published(@LastEventId() last?: string): Response {
    const missed = () => published.slice(published.findIndex(({ id }) => id === last) + 1);
    return new ServerSentEventResponse(
      defer(() => concat(from(missed()), live)),
      { retry: 1 },
    );
  }

  @Get('once')
  once(@LastEventId() last?: string): Response {
    returned.push(`once ${last}`);
    return last === 'only'
      ? new EmptyResponse()
      : new ServerSentEventResponse([new ServerSentEvent({ id: 'only', data: 'a' })], { retry: 1 });
  }

  @Get('again')
  again(): Response {
    returned.push('again');
    return new ServerSentEventResponse(['a'], { retry: 1 });
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe.runIf(chromiumProgram)('An EventSource in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  /** A profile of its own, whose pages tell what happens. */
  async function openContext(): Promise<{ context: BrowserContext; reports: Reports<Report> }> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const reports = new Reports<Report>();
    await context.exposeFunction('report', reports.add);
    return { context, reports };
  }

  async function openPage(url: string): Promise<{ page: Page; reports: Reports<Report> }> {
    const { context, reports } = await openContext();
    const page = await context.newPage();
    await page.goto(url);
    return { page, reports };
  }

  describe.each(platforms)('on $name', (platform) => {
    const serve = (port = 0) => start(platform, { controllers: [EventsController], port });

    it('opens before the first event, and receives each as it is produced', async () => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      await page.evaluate(open('/items'));
      await reports.count(1);
      expect(reports.all).toEqual([{ tab: '', type: 'open' }]);
      for (const item of ['0', '1', '2']) {
        items.next(item);
        await reports.until((all) => all.at(-1)?.data === item);
      }
    });

    it('receives data with many lines and any characters', async () => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      await page.evaluate(open('/items'));
      await reports.count(1);
      texts.forEach(([, sent]) => items.next(sent));
      await reports.count(1 + texts.length);
      const received = reports.all.slice(1).map(({ data }, i) => [texts[i]?.[0], data]);
      expect(received).toEqual(texts.map(([what, , text]) => [what, text]));
    });

    it('receives events by their names', async () => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      const names = ['tick', 'a name', 'événement 🐶'];
      await page.evaluate(open('/items', { names }));
      await reports.count(1);
      items.next(new ServerSentEvent({ comment: 'ignored' }));
      items.next(new ServerSentEvent({ event: 'tick' }));
      items.next(new ServerSentEvent({ event: 'nobody listens', data: 'a' }));
      names.forEach((event) => items.next(new ServerSentEvent({ event, data: { event } })));
      items.next({ event: 'tick' });
      await reports.count(6);
      expect(reports.all.slice(1).map(({ type, data }) => [type, data])).toEqual([
        ['tick', ''],
        ...names.map((event) => [event, JSON.stringify({ event })]),
        ['message', '{"event":"tick"}'],
      ]);
    });

    it('receives an event "error" if the source fails', async () => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      await page.evaluate(open('/failing'));
      await reports.count(3);
      expect(reports.all.slice(0, 3).map(({ type, data }) => [type, data])).toEqual([
        ['open', undefined],
        ['message', 'first'],
        ['error', '{"detail":"no such puppy","error":"BadRequestException","status_code":400}'],
      ]);
    });

    it.each<[what: string, stop: (app: INestApplication) => Promise<void>]>([
      ['is restarted', (app) => app.close()],
      [
        'is killed and started again',
        (app) => {
          (app.getHttpServer() as Server).closeAllConnections();
          return app.close();
        },
      ],
    ])('receives each event once if the server %s', async (_, stop) => {
      const { app, url, port } = await serve();
      const { page, reports } = await openPage(url);
      const received = () => reports.all.flatMap(({ data }) => (data ? [Number(data)] : []));
      const until = (last: number) => reports.until(() => received().includes(last));
      await page.evaluate(open('/published'));
      await reports.count(1);
      publish(...numbers(0, 10));
      await until(9);
      // On their way when the server stops: some of them may arrive.
      publish(...numbers(10, 100));
      await stop(app);
      publish(...numbers(100, 110));
      await serve(port);
      await until(109);
      publish(...numbers(110, 120));
      await until(119);
      expect(received()).toEqual(numbers(0, 120));
    });

    it('stops on 204, and does not reconnect', async () => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      await page.evaluate(open('/once'));
      await reports.until((all) => all.some(({ type }) => type === 'closed'));
      // A client with a short retry time reconnects meanwhile.
      await page.evaluate(open('/again', { tab: 'again' }));
      await reports.until(
        (all) => all.filter(({ tab, data }) => tab === 'again' && data).length === 3,
      );
      expect(returned.filter((path) => path !== 'again')).toEqual(['once undefined', 'once only']);
    });

    it('works in six tabs over HTTP/1.1, the connection limit of a browser', async () => {
      const { url } = await serve();
      const { context, reports } = await openContext();
      const tabs = numbers(0, 6).map(String);
      for (const tab of tabs) {
        const page = await context.newPage();
        await page.goto(url);
        await page.evaluate(open('/items', { tab }));
      }
      await reports.count(tabs.length);
      items.next('a');
      await reports.count(2 * tabs.length);
      const told = (type: string) =>
        reports.all
          .filter((one) => one.type === type)
          .map(({ tab }) => tab)
          .toSorted();
      expect([told('open'), told('message')]).toEqual([tabs, tabs]);
    });

    it.each<[how: string, leave: (page: Page) => Promise<unknown>]>([
      ['closes it', (page) => page.evaluate('source.close()')],
      ['navigates away', (page) => page.goto('about:blank')],
      ['reloads', (page) => page.reload()],
      ['is closed', (page) => page.close()],
    ])('stops its source if the page %s', async (_, leave) => {
      const { url } = await serve();
      const { page, reports } = await openPage(url);
      await page.evaluate(open('/items'));
      await reports.count(1);
      expect(items.observed).toBe(true);
      await leave(page);
      await stopped.promise;
      expect(items.observed).toBe(false);
    });
  });
});
