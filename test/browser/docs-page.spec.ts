import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { setupOpenAPI } from '../../src/index.js';
import { chromiumProgram, openPage } from '../support/browser.js';
import { EveryStreamController } from '../support/openapi-application.js';
import { documentOf } from '../support/openapi-documents.js';
import { platforms, start } from '../support/platforms.js';

/** Not the loopback, for which Swagger UI makes exceptions. */
const HOST = 'http://puppies.example';

interface Visit {
  readonly page: Page;
  /** The requests to other hosts. */
  readonly strayRequests: readonly string[];
  /** The errors that the page logged or threw. */
  readonly errors: readonly string[];
}

async function visitDocs(url: string): Promise<Visit> {
  const page = await openPage();
  const strayRequests: string[] = [];
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.route('**/*', async (route: Route) => {
    const asked = route.request().url();
    if (!asked.startsWith(HOST)) {
      strayRequests.push(asked);
      return route.abort();
    }
    return route.fulfill({ response: await route.fetch({ url: url + asked.slice(HOST.length) }) });
  });
  await page.goto(`${HOST}/docs/`);
  await page.locator('.opblock').first().waitFor();
  return { page, strayRequests, errors };
}

describe.runIf(chromiumProgram).each(platforms)('the docs page on $name', (platform) => {
  it('describes the items of a stream, and sends no requests to other hosts', async () => {
    const { url } = await start(platform, {
      controllers: [EveryStreamController],
      configure: (app) =>
        setupOpenAPI(app, { path: '/schema/', docs: '/docs/', document: documentOf('3.2.0') }),
    });
    const { page, strayRequests, errors } = await visitDocs(url);
    const operation = page.locator('.opblock', { hasText: '/streamed/events/named' });
    await operation.locator('.opblock-summary-control').click();
    const response = operation.locator('.response', { hasText: 'text/event-stream' });

    const example = await response.locator('.highlight-code').innerText();
    expect(JSON.parse(example)).toMatchObject([
      { event: 'tick', data: '{"i":0}' },
      { event: 'puppies', data: '[{"id":0,"name":"string","owner":{"name":"string"}}]' },
      { event: 'text', data: 'string' },
      { event: 'day' },
    ]);

    await response.getByText('Schema', { exact: true }).click();
    await response.getByText('Expand all').first().click();
    await response.getByText('owner').waitFor();
    const schema = await response.locator('.model-box').innerText();
    for (const part of ['"tick"', '"day"', 'application/json', 'Content schema']) {
      expect(schema).toContain(part);
    }
    expect(strayRequests).toEqual([]);
    expect(errors).toEqual([]);
  });
});
