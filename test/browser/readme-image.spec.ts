import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { AppModule } from '../../sample/01-responses/src/app.module.js';
import { openPage } from '../support/browser.js';
import { platforms, start, type Platform } from '../support/platforms.js';

/** `npm run image` takes the image anew. */
const isToBeTaken = process.env['IMAGE'] === 'write';
const file = fileURLToPath(new URL('../../docs/images/start-page.png', import.meta.url));
const [express] = platforms as [Platform];

async function takeImage(): Promise<void> {
  const { url } = await start(express, { responses: false, imports: [AppModule] });
  const page = await openPage();
  await page.setViewportSize({ width: 1100, height: 700 });
  await page.goto(url);
  await page.getByText('tick 12 (id 12)').waitFor();
  await writeFile(file, await page.screenshot());
}

it('The image of the README is a small PNG', async () => {
  if (isToBeTaken) {
    await takeImage();
  }
  const image = await readFile(file);
  expect(image.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(image.length).toBeLessThan(150_000);
});
