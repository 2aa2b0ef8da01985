import { Controller, Get } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { interval, map, take, type Observable } from 'rxjs';
import { codeToHtml } from 'shiki';
import { expect, it } from 'vitest';
import { ApiStreamResponse, HTMLResponse } from '../../src/index.js';
import { openPage } from '../support/browser.js';
import { platforms, start, type Platform } from '../support/platforms.js';

/** `npm run image` takes the images again. */
const isToBeTaken = process.env['IMAGE'] === 'write';
const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [express] = platforms as [Platform];

class Square {
  @ApiProperty() i!: number;
  @ApiProperty() square!: number;
}

/** The route of the README, and a page with its code, beside the events that arrive. */
@Controller()
class PictureController {
  @Get('squares')
  @ApiStreamResponse({ type: Square })
  squares(): Observable<Square> {
    return interval(500).pipe(
      map((i) => ({ i, square: i * i })),
      take(3),
    );
  }

  @Get('light')
  light() {
    return page('github-light');
  }

  @Get('dark')
  dark() {
    return page('github-dark');
  }
}

async function page(theme: 'github-light' | 'github-dark'): Promise<HTMLResponse> {
  const readme = await readFile(pathOf('README.md'), 'utf8');
  const [, code = ''] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? [];
  const [colour, border, muted] =
    theme === 'github-dark' ? ['#e6edf3', '#3d444d', '#9198a1'] : ['#1f2328', '#d1d9e0', '#59636e'];
  return new HTMLResponse(`<!doctype html>
    <style>
      body { margin: 0; padding: 24px; display: grid; grid-template-columns: 1fr 1fr; gap: 24px; color: ${colour}; background: transparent }
      section { border: 1px solid ${border}; border-radius: 10px; padding: 4px 22px }
      pre, p { font: 15px/1.55 ui-monospace, 'DejaVu Sans Mono', monospace; background: none !important }
      p { margin: 0 0 10px } span.at { color: ${muted}; display: inline-block; width: 5.5em } b { font-weight: normal; color: ${muted} }
    </style>
    <section>${await codeToHtml(code.trim(), { lang: 'ts', theme })}</section>
    <section><pre id="events"><b>new EventSource('/squares')</b>\n</pre></section>
    <script>
      const start = performance.now();
      const events = new EventSource('/squares');
      events.onmessage = ({ data }) => {
        const line = document.createElement('p');
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        line.innerHTML = '<span class="at">' + seconds + ' s</span>' + data;
        document.querySelector('#events').append(line);
      };
      events.onerror = () => events.close();
    </script>`);
}

async function takeImages(): Promise<void> {
  const { url } = await start(express, { controllers: [PictureController] });
  for (const scheme of ['light', 'dark']) {
    const browserPage = await openPage();
    await browserPage.setViewportSize({ width: 1120, height: 420 });
    await browserPage.goto(`${url}/${scheme}`);
    await browserPage.getByText('"square":4').waitFor();
    const image = await browserPage.screenshot({ omitBackground: true, fullPage: true });
    await writeFile(pathOf(`docs/images/stream-${scheme}.png`), image);
  }
}

it('The images of the README are small PNGs', async () => {
  if (isToBeTaken) {
    await takeImages();
  }
  for (const scheme of ['light', 'dark']) {
    const image = await readFile(pathOf(`docs/images/stream-${scheme}.png`));
    expect(image.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(image.length).toBeLessThan(150_000);
  }
});
