import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppModule } from '../../sample/02-chat/src/app.module.js';
import { startBalancer } from '../support/balancer.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { platforms, start } from '../support/platforms.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';

describe.runIf(chromiumProgram)('The page of sample/02-chat in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  describe.each(platforms)('on $name', (platform) => {
    const startSample = () => start(platform, { responses: false, imports: [AppModule] });

    /** Opens the page, as wide as a phone; it must not complain beyond what a test expects. */
    async function open(
      expected: readonly unknown[] = [],
      at?: string,
      tolerated?: RegExp,
    ): Promise<Page> {
      const url = at ?? (await startSample()).url;
      const page = await browser.newPage({ viewport: { width: 390, height: 760 } });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => complaints.push(message.text()));
      onTestFinished(async () => {
        await page.close();
        expect(complaints.filter((text) => !tolerated?.test(text))).toEqual(expected);
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

    it('stops an answer, and continues with the next', async () => {
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

    it('continues an answer when the page is reloaded', async () => {
      const page = await open();
      await page.getByLabel('Continue the answer when this page is reloaded').check();
      await page.getByLabel('Model').selectOption('counter');
      await say(page, 'count to 100');
      const answer = page.locator('li.assistant');
      for (const reached of [/ 10 /, / 30 /]) {
        await answer.getByText(reached).waitFor();
        await page.getByRole('button', { name: 'Stop' }).waitFor();
        await page.reload();
      }
      await answer.getByText(/ 100$/).waitFor();
      const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
      expect(await answer.textContent()).toBe(numbers.join(' '));
      expect(await page.locator('li').count()).toBe(2);
      await page.getByRole('button', { name: 'Send' }).waitFor();
      // A complete answer is not asked for again.
      await page.reload();
      await page.getByRole('button', { name: 'Send' }).waitFor();
      expect(await answer.textContent()).toBe(numbers.join(' '));
      await say(page, 'count to 2');
      await answer.nth(1).getByText('1 2').waitFor();
    });

    describe.runIf(redisProgram)('in front of two applications on Redis', () => {
      let server: RedisServer;

      beforeAll(async () => {
        server = await RedisServer.start();
      });

      afterAll(() => server.remove());

      /** Begins an answer in one process, and sends the page to another one in the middle of it. */
      const beginAndSwitch = async () => {
        vi.stubEnv('REDIS_URL', server.url);
        onTestFinished(() => void vi.unstubAllEnvs());
        const [one, other] = await Promise.all([startSample(), startSample()]);
        const balancer = await startBalancer(one.port);
        // Chromium may complain of the dropped connections, if the page is still there.
        const page = await open([], balancer.url, /ERR_(INCOMPLETE|EMPTY|CONNECTION)/);
        await page.getByLabel('Continue the answer when this page is reloaded').check();
        await page.getByLabel('Model').selectOption('counter');
        await say(page, 'count to 100');
        await page.locator('li.assistant').getByText(/ 10 /).waitFor();
        balancer.switchTo(other.port);
        return { page, one };
      };

      const whole = Array.from({ length: 100 }, (_, i) => i + 1).join(' ');

      const answerOf = async (page: Page) => {
        const answer = page.locator('li.assistant');
        await answer.getByText(/ 100$/).waitFor();
        return answer.textContent();
      };

      it('continues in the other one when it is reloaded', async () => {
        const { page } = await beginAndSwitch();
        await page.reload();
        expect(await answerOf(page)).toBe(whole);
      });

      it('continues in the other one while the first one shuts down', async () => {
        const { page, one } = await beginAndSwitch();
        await one.app.close();
        expect(await answerOf(page)).toBe(whole);
      });
    });

    it('stops an answer that continued without it', async () => {
      const page = await open();
      await page.getByLabel('Continue the answer when this page is reloaded').check();
      await page.getByLabel('Model').selectOption('counter');
      await say(page, 'count to 1000');
      await page
        .locator('li.assistant')
        .getByText(/^1 2 3/)
        .waitFor();
      const stopped = page.waitForResponse((response) => response.request().method() === 'DELETE');
      await page.getByRole('button', { name: 'Stop' }).click();
      const url = (await stopped).url();
      await page.getByText('stopped').waitFor();
      // Nothing of it is being written any more.
      await expect.poll(async () => (await fetch(url)).status, { timeout: 20_000 }).toBe(204);
    });

    it('shows an error, and an answer that was cut', async () => {
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
