import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../sample/04-channels/src/app.module.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { platforms, start } from '../support/platforms.js';

describe.runIf(chromiumProgram)('The page of sample/04-channels in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  it.each(platforms)('shows messages published in another tab, on $name', async (platform) => {
    const { url } = await start(platform, { responses: false, imports: [AppModule] });
    const context = await browser.newContext({ viewport: { width: 390, height: 700 } });
    const [one, two] = [await context.newPage(), await context.newPage()];
    const complaints: string[] = [];
    for (const page of [one, two]) {
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(url);
      await page.getByText(`Process ${process.pid} serves this tab.`).waitFor();
    }
    await one.getByLabel('Message', { exact: true }).fill('<b>hello</b>');
    await one.getByRole('button', { name: 'Publish' }).click();
    for (const page of [one, two]) {
      await page.getByRole('listitem').getByText('<b>hello</b>').waitFor();
    }
    await two.reload();
    await two.getByRole('listitem').getByText('<b>hello</b>').waitFor();
    expect(await two.getByRole('button', { name: 'Kill this process' }).isVisible()).toBe(false);

    const fits = 'document.documentElement.scrollWidth <= window.innerWidth';
    expect(await two.evaluate(fits)).toBe(true);
    const paper = 'getComputedStyle(document.body).backgroundColor';
    const light = await two.evaluate(paper);
    await two.emulateMedia({ colorScheme: 'dark' });
    expect(await two.evaluate(paper)).not.toBe(light);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
