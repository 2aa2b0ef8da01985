import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileResponse, HTMLResponse } from '../../src/index.js';
import { chromiumProgram, openPage } from '../support/browser.js';
import { folder } from '../support/folder.js';
import { platforms } from '../support/platforms.js';
import { serve } from '../support/serve.js';
import { BYTES_PER_SECOND, WAV_HEADER_SIZE, writeSilence } from '../support/wav.js';

const SECONDS = 600;
/** How far from what is asked for a player may begin to read. */
const MARGIN = 1024 * 1024;

describe.runIf(chromiumProgram)('A file in Chromium', () => {
  describe.each(platforms)('from $name', (platform) => {
    it.each(['audio', 'video'])('is sought in by <%s>', { timeout: 60_000 }, async (element) => {
      const path = join(await folder({ 'sound.wav': '' }), 'sound.wav');
      await writeSilence(path, SECONDS);
      const ranges: (string | undefined)[] = [];
      const { url } = await serve(platform, (request) => {
        if (request.url !== '/?sound') {
          return new HTMLResponse(
            `<${element} src="/?sound" preload="metadata" muted></${element}>`,
          );
        }
        ranges.push(request.headers.range);
        return new FileResponse(path, { contentDispositionType: 'inline' });
      });

      const page = await openPage();
      await page.goto(url);
      const state = await page.locator(element).evaluate(
        // Runs in the page, where these elements exist.
        async (player: EventTarget & { duration: number; currentTime: number }) => {
          const until = (event: string, isThere: () => boolean) =>
            new Promise<void>((resolve) => {
              if (isThere()) {
                resolve();
              } else {
                player.addEventListener(event, () => resolve(), { once: true });
              }
            });
          await until('loadedmetadata', () => player.duration > 0);
          const sought = until('seeked', () => false);
          player.currentTime = 500;
          await sought;
          return { duration: player.duration, currentTime: player.currentTime };
        },
      );

      expect(state).toEqual({ duration: SECONDS, currentTime: 500 });
      expect(ranges[0]).toBe('bytes=0-');
      const starts = ranges.map((range) => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1]));
      const asked = WAV_HEADER_SIZE + 500 * BYTES_PER_SECOND;
      expect(starts.some((first) => Math.abs(first - asked) < MARGIN)).toBe(true);
    });

    it('is saved under its name', { timeout: 60_000 }, async () => {
      const root = await folder({ a: 'hello' });
      const { url } = await serve(platform, (request) =>
        request.url === '/'
          ? new HTMLResponse('<a href="/?file">a file</a>')
          : new FileResponse(join(root, 'a'), { filename: 'naïve 履歴書 🎬.txt' }),
      );
      const page = await openPage();
      await page.goto(url);
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('a')]);
      expect(download.suggestedFilename()).toBe('naïve 履歴書 🎬.txt');
    });
  });
});
