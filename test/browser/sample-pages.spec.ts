import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppModule } from '../../sample/01-responses/src/app.module.js';
import { setupDocs } from '../../sample/01-responses/src/docs.js';
import { puppies } from '../../sample/01-responses/src/puppies.js';
import { routes } from '../../sample/01-responses/src/routes.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { start } from '../support/platforms.js';

const adapters = [
  { name: 'Express', adapter: () => new ExpressAdapter() },
  {
    name: 'Fastify',
    adapter: () => new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } }),
  },
] as const;

/** The page's output for each route: its status and type, and its body. */
const tried: readonly [path: string, state: string, output: RegExp][] = [
  ['/json/', '200 application/json', /^\{"message":"hello"\}$/],
  ['/text/', '200 text/plain; charset=utf-8', /^hello$/],
  ['/html/', '200 text/html; charset=utf-8', /^<h1>hello<\/h1>$/],
  ['/page/', '200 text/html; charset=utf-8', /^<!doctype html>.*Rex &amp; Luna/s],
  ['/old/', '200 text/plain; charset=utf-8, from /new/', /^This is the new place\.$/],
  ['/empty/', '204 without a body', /^$/],
  ['/media/', '200 text/html; charset=utf-8', /^<!doctype html>.*<audio/s],
  ['/download/', '200 audio/wav', /^9600044 bytes$/],
  ['/puppy/', '200 application/json', /^\{"id":1,"name":"Canna"\}$/],
  ['/puppies/', '200 application/json', /^\[\{"id":1,.*\}\]$/],
  ['/fail/', '404 application/json', /^\{"detail":"Puppy not found",/],
  ['/problem/', '404 application/problem+json', /^\{"type":"\/problems\/no-puppy",/],
  ['/rpc/', '200 application/json', /"result":\{"ok":true\}\}$/],
  ['/rpc/unknown/', '200 application/json', /"error":\{"code":-32601,/],
  ['/ndjson/', '200 application/x-ndjson', /^\{"i":0,.*\{"i":49,"square":2401\}\n$/s],
  ['/ndjson/observable/', '200 application/x-ndjson', /^\{"i":0,.*\{"i":49,"square":2401\}\n$/s],
  ['/sse/', 'open', /^tick 0 \(id 0\)\ntick 1 \(id 1\)\n/],
  ['/sse/observable/', 'open', /^tick 0 \(id 0\)\ntick 1 \(id 1\)\n/],
  ['/sse/resume/', 'open', /^tick 0 \(id 0\)\ntick 1 \(id 1\)\n/],
  ['/sse/resume/observable/', 'open', /^tick 0 \(id 0\)\ntick 1 \(id 1\)\n/],
  ['/schema/', '200 application/vnd.oai.openapi+json', /^\{"openapi":"3\.2\.0"/],
];

/** The buttons of one route, by the representation that each asks for. */
const represented: readonly [sends: string, state: string, output: RegExp][] = [
  ['as JSON', '200 application/json', /^\[\{"name":"Rex & Luna",.*\}\]$/],
  ['as NDJSON', '200 application/x-ndjson', /^\{"name":"Rex & Luna",[^\n]*\}\n/],
  ['as events', '200 text/event-stream', /^data: \{"name":"Rex & Luna",[^\n]*\}\n\n/],
  ['as CSV', '200 text/csv; charset=utf-8', /^name,breed\r?\nRex & Luna,/],
  [
    'as MessagePack',
    '200 application/vnd.msgpack',
    /^94 82 a4 6e 61 6d 65 aa 52 65 78 20 26 20 4c 75 6e 61 /,
  ],
];

describe.runIf(chromiumProgram)('The pages of sample/01-responses in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  describe.each(adapters)('on $name', (platform) => {
    /** Opens a page of the sample, which must neither complain nor open a dialog. */
    async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
      const { url } = await start(platform, {
        responses: false,
        imports: [AppModule],
        adapter: platform.adapter(),
        configure: setupDocs,
      });
      const page = await browser.newPage(options);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // Chromium logs each 404. These are intended.
        if (!/\/(fail|problem)\/$/.test(message.location().url)) {
          complaints.push(message.text());
        }
      });
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        return dialog.dismiss();
      });
      onTestFinished(async () => {
        await page.close();
        expect(complaints).toEqual([]);
      });
      await page.goto(`${url}${path}`);
      return page;
    }

    it('list the routes and show the ticks of /sse/ as they arrive', async () => {
      const page = await open('/');
      await page.getByText('tick 2 (id 2)').waitFor();
      expect(await page.locator('button code').allTextContents()).toEqual(
        routes.map(({ path }) => path),
      );
      expect(await page.getByRole('button', { pressed: true }).textContent()).toContain('/sse/');
      expect(await page.getByRole('status').textContent()).toBe('open');
      expect(await page.locator('pre').textContent()).toMatch(
        /^tick 0 \(id 0\)\ntick 1 \(id 1\)\n/,
      );
    });

    it('show every response, one at a time', async () => {
      const page = await open('/');
      await page.getByText('tick 0 (id 0)').waitFor();
      for (const [path, state, output] of tried) {
        await page.locator('button', { has: page.getByText(path, { exact: true }) }).click();
        await expect.poll(() => page.getByRole('status').textContent()).toBe(state);
        await expect.poll(() => page.locator('pre').textContent()).toMatch(output);
        expect(await page.locator('button[aria-pressed=true] code').textContent()).toBe(path);
      }
    });

    it.each(represented)('show a route %s', async (sends, state, output) => {
      const page = await open('/');
      await page.getByRole('button', { name: `/kennel/ ${sends}`, exact: true }).click();
      await expect.poll(() => page.getByRole('status').textContent()).toBe(state);
      await expect.poll(() => page.locator('pre').textContent()).toMatch(output);
    });

    it('have a button for each of these routes only', async () => {
      const page = await open('/');
      const buttons = [...tried.map(([path]) => path), ...represented.map(() => '/kennel/')];
      expect((await page.locator('button code').allTextContents()).toSorted()).toEqual(
        buttons.toSorted(),
      );
    });

    it('link to the documentation', async () => {
      const page = await open('/');
      await page.getByRole('link', { name: '/docs/' }).click();
      await page.getByText('A greeting as JSON').waitFor();
      expect(await page.title()).toBe('Responses');
    });

    it('fit a phone, and show the output next to the last route', async () => {
      const page = await open('/', { viewport: { width: 390, height: 700 } });
      await page.getByText('tick 0 (id 0)').waitFor();
      await page.getByRole('button', { name: '/schema/' }).click();
      await page.getByText('200 application/vnd.oai.openapi+json').waitFor();
      const top = 'document.querySelector(".live").getBoundingClientRect().top';
      expect(await page.evaluate(top)).toBeGreaterThanOrEqual(0);
      expect(await page.evaluate(`${top} < innerHeight / 2`)).toBe(true);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    });

    it('are dark in the dark colour scheme', async () => {
      const page = await open('/');
      const paper = 'getComputedStyle(document.body).backgroundColor';
      const light = await page.evaluate(paper);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await page.evaluate(paper)).not.toBe(light);
    });

    it('show rows rendered by the server as text, and let Vue search them', async () => {
      const page = await open('/page/');
      await page.getByText(`${puppies.length} of ${puppies.length}`).waitFor();
      expect(await page.locator('article h2').allTextContents()).toEqual(
        puppies.map(({ name }) => name),
      );
      expect(await page.locator('article p').allTextContents()).toEqual(
        puppies.map(({ note }) => note),
      );
      await page.getByRole('searchbox').fill('collie');
      await page.getByText(`1 of ${puppies.length}`).waitFor();
      expect(await page.locator('article:visible h2').allTextContents()).toEqual(['Rex & Luna']);
    });
  });
});
