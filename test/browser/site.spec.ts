import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import express from 'express';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumProgram, launchChromium } from '../support/browser.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitepress = join(
  dirname(createRequire(import.meta.url).resolve('vitepress/package.json')),
  'bin/vitepress.js',
);

/** The address of each page of `docs/` on the site. */
const paths = readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `/${name === 'README.md' ? '' : name.slice(0, -'.md'.length)}`);

describe.runIf(chromiumProgram)('The site', () => {
  let folder: string;
  let server: Server;
  let browser: Browser;
  let phone: BrowserContext;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nestjs-responses-site-'));
    await promisify(execFile)(process.execPath, [vitepress, 'build', 'docs', '--outDir', folder], {
      cwd: root,
    });
    server = createServer(express().use(express.static(folder, { extensions: ['html'] })));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium();
    // One context for all pages, so that they share its cache.
    phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page. Its errors and requests of other hosts are collected in `strays`. */
  async function open(path: string, context: BrowserContext) {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const page = await context.newPage();
    const strays: string[] = [];
    page.on('pageerror', ({ message }) => strays.push(message));
    page.on('console', (message) => message.type() === 'error' && strays.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
        strays.push(request.url());
      }
    });
    await page.goto(origin + path, { waitUntil: 'domcontentloaded' });
    // Vue has taken over the page.
    await page.waitForFunction("document.querySelector('#app')?.__vue_app__");
    return { page, strays };
  }

  const widthOf = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');

  it.each(paths)('fits a phone at %s, without an error', async (path) => {
    const { page, strays } = await open(path, phone);
    expect(await page.locator('.vp-doc h1').count()).toBe(1);
    expect(await widthOf(page)).toBe(0);
    expect(strays).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('follows the colour scheme %s', async (colorScheme) => {
    const { page } = await open('/', await browser.newContext({ colorScheme }));
    expect(await page.locator('html.dark').count()).toBe(colorScheme === 'dark' ? 1 : 0);
  });

  it('finds a page by a word of its text', async () => {
    const { page, strays } = await open('/', await browser.newContext());
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('#localsearch-input').fill('ServerSentEventResponse');
    await page.locator('.VPLocalSearchBox .result').first().click();
    await page.waitForURL('**/reference/server-sent-event-response*');
    expect(strays).toEqual([]);
  });
});
