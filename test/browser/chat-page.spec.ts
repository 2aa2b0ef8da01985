import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppModule } from '../../sample/02-chat/src/app.module.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { platforms, start } from '../support/platforms.js';

describe.runIf(chromiumProgram)('The page of sample/02-chat in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  describe.each(platforms)('on $name', (platform) => {
    /** Opens the page, as wide as a phone; it must not complain beyond what a test expects. */
    async function open(expected: readonly unknown[] = []): Promise<Page> {
      const { url } = await start(platform, { responses: false, imports: [AppModule] });
      const page = await browser.newPage({ viewport: { width: 390, height: 760 } });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => complaints.push(message.text()));
      onTestFinished(async () => {
        await page.close();
        expect(complaints).toEqual(expected);
      });
      await page.goto(url);
      return page;
    }

    const say = async (page: Page, text: string) => {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    };

    it('shows an answer while it is written, then its usage', async () => {
      const page = await open();
      await page.getByLabel('Model').selectOption('counter');
      await say(page, 'count to 40');
      const answer = page.locator('li.assistant');
      await answer.getByText(/^1 2 3/).waitFor();
      // It is being written, as it can still be stopped.
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await answer.getByText('40 tokens').waitFor();
      expect(await answer.textContent()).toMatch(/^1 2 3 .* 39 4040 tokens$/);
      await page.getByRole('button', { name: 'Send' }).waitFor();
    });

    it('stops an answer, and goes on with the next', async () => {
      const page = await open();
      await page.getByLabel('Model').selectOption('counter');
      await say(page, 'count to 1000');
      const answers = page.locator('li.assistant');
      await answers.getByText(/^1 2 3/).waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await answers.getByText('stopped').waitFor();
      const stopped = await answers.textContent();
      await page.getByLabel('Model').selectOption('mirror');
      await page.getByLabel('Message', { exact: true }).fill('<b>you are</b>');
      await page.keyboard.press('Enter');
      await answers.getByText('are</b> <b>you').waitFor();
      expect(await answers.first().textContent()).toBe(stopped);
    });

    it('tells of an error, and of an answer that was cut', async () => {
      const page = await open([expect.stringContaining('404'), expect.stringContaining('REFUSED')]);
      const alert = page.getByRole('alert');
      const route = '**/v1/chat/completions';
      await page.route(route, (request) =>
        request.fulfill({ contentType: 'text/event-stream', body: ': half an answer\n\n' }),
      );
      await say(page, 'hello');
      await alert.getByText('The answer was cut short.').waitFor();
      await page.unroute(route);
      await page.route(route, (request) =>
        request.continue({
          postData: { model: 'gone', messages: [{ role: 'user', content: '' }] },
        }),
      );
      await say(page, 'hello');
      await alert.getByText('There is no model "gone".').waitFor();
      await page.unroute(route);
      await page.route(route, (request) => request.abort('connectionrefused'));
      await say(page, 'hello');
      await alert.getByText('Failed to fetch').waitFor();
    });

    it('fits a phone, and both colour schemes', async () => {
      const page = await open();
      await say(page, `${'long'.repeat(40)} ${'word '.repeat(40)}`);
      await page.getByText('41 tokens').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(
        true,
      );
      const paper = 'getComputedStyle(document.body).backgroundColor';
      const light = await page.evaluate(paper);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await page.evaluate(paper)).not.toBe(light);
    });
  });
});
