import type { IncomingMessage } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { finalize, Subject } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { HTMLResponse, NDJSONResponse } from '../../src/index.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { deferred, type Deferred } from '../support/deferred.js';
import { platforms, type Platform } from '../support/platforms.js';
import { Reports } from '../support/reports.js';
import { serve } from '../support/serve.js';

/** Has a page read lines of JSON as they come, and tell of each, and of how they ended. */
const READ = `(async () => {
  globalThis.controller = new AbortController();
  try {
    const { body, status } = await fetch('/?lines', { signal: controller.signal });
    await report(status);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        await report(rest === '' ? 'end' : 'a line without its end');
        return;
      }
      const lines = (rest + value).split('\\n');
      rest = lines.pop();
      for (const line of lines) {
        await report(JSON.parse(line));
      }
    }
  } catch (error) {
    await report(String(error));
  }
})()`;

let items: Subject<unknown>;
/** Settles once the items are no longer wanted. */
let stopped: Deferred<void>;
beforeEach(() => {
  items = new Subject();
  stopped = deferred();
});

function respond({ url }: IncomingMessage): HTMLResponse | NDJSONResponse {
  return url === '/'
    ? new HTMLResponse('<!doctype html><link rel="icon" href="data:,"><title>A page</title>')
    : new NDJSONResponse(items.pipe(finalize(() => stopped.resolve())));
}

describe.runIf(chromiumProgram)('The reader of a fetch() in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  /** Opens a page that is reading. */
  async function read(platform: Platform): Promise<{ page: Page; reports: Reports<unknown> }> {
    const { url } = await serve(platform, respond);
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    const reports = new Reports<unknown>();
    await page.exposeFunction('report', reports.add);
    await page.goto(url);
    await page.evaluate(`void ${READ}`);
    await reports.count(1);
    return { page, reports };
  }

  describe.each(platforms)('on $name', (platform) => {
    it('receives each line before the next item is produced, and the head before the first', async () => {
      const { reports } = await read(platform);
      expect(reports.all).toEqual([200]);
      const sent = [0, 'a\nb\u2028🐶', { i: 1, square: 1 }, null, 'é'.repeat(100_000), []];
      for (const [i, item] of sent.entries()) {
        items.next(item);
        await reports.count(i + 2);
      }
      items.complete();
      await reports.count(sent.length + 2);
      expect(reports.all).toEqual([200, ...sent, 'end']);
    });

    it('fails with a network error if the source fails', async () => {
      const { reports } = await read(platform);
      items.next(0);
      await reports.count(2);
      items.error(new Error('failed'));
      await reports.count(3);
      expect(reports.all).toEqual([200, 0, 'TypeError: network error']);
    });

    it.each<[how: string, leave: (page: Page) => Promise<unknown>]>([
      ['aborts it', (page) => page.evaluate('controller.abort()')],
      ['navigates away', (page) => page.goto('about:blank')],
      ['is closed', (page) => page.close()],
    ])('stops the source if the page %s', async (_, leave) => {
      const { page, reports } = await read(platform);
      items.next(0);
      await reports.count(2);
      expect(items.observed).toBe(true);
      await leave(page);
      await stopped.promise;
      expect(items.observed).toBe(false);
    });
  });
});
