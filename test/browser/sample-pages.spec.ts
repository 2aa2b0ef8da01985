import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppModule } from '../../sample/01-responses/src/app.module.js';
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

describe.runIf(chromiumProgram)('The pages of sample/01-responses in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  describe.each(adapters)('on $name', (platform) => {
    /** Opens a page of the sample, which must neither complain nor open a dialog. */
    async function open(path: string): Promise<Page> {
      const { url } = await start(platform, { responses: false, imports: [AppModule] });
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => complaints.push(message.text()));
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

    it('show what another route sends in place of the ticks', async () => {
      const page = await open('/');
      await page.getByText('tick 0 (id 0)').waitFor();
      await page.getByRole('button', { name: '/json/' }).click();
      await page.getByText('200 application/json').waitFor();
      await page.getByText('{"message":"hello"}').waitFor();
      expect(await page.locator('pre').textContent()).toBe('{"message":"hello"}');
      expect(await page.getByRole('button', { pressed: true }).textContent()).toContain('/json/');
    });

    it('show rows of the server as they were written, and let Vue search them', async () => {
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
