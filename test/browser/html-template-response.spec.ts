import { Controller, Get, Param } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HTMLTemplateResponse } from '../../src/index.js';
import { chromiumProgram, launchChromium } from '../support/browser.js';
import { platforms, start } from '../support/platforms.js';

const payloads = [
  '<script>alert(1)</script>',
  '</p><script>alert(1)</script>',
  '<ScRiPt>alert(1)</sCrIpT >',
  '<img src=x onerror=alert(1)>',
  '<img src="x" onerror="alert(1)">',
  '<svg onload=alert(1)>',
  '<svg><script>alert&lpar;1&rpar;</script></svg>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<details open ontoggle=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<math><mtext></mtext><style><img src onerror=alert(1)></style></math>',
  '<noscript><p title="</noscript><img src onerror=alert(1)>">',
  '<!--><img src onerror=alert(1)>-->',
  '<![CDATA[><img src onerror=alert(1)>]]>',
  '<base href="javascript:/*">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '"><img src onerror=alert(1)>',
  "'><img src onerror=alert(1)>",
  '" autofocus onfocus="alert(1)" x="',
  "' autofocus onfocus='alert(1)' x='",
  '` autofocus onfocus=alert(1) x=`',
  '" onerror=alert(1) src=x a="',
  '"/onmouseover="alert(1)"/style="position:fixed;inset:0',
  '&quot;><img src onerror=alert(1)>',
  '&#34;&#62;&lt;img src onerror=alert(1)&gt;',
  '\\"><img src onerror=alert(1)>',
  '</title></textarea></style></script><img src onerror=alert(1)>',
  '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  '\u2028</main><img src onerror=alert(1)>\u2029',
  '<\u0130mg src onerror=alert(1)>',
];

const data = {
  text: '</script><script>alert(1)</script>',
  upper: '</SCRIPT ><img src onerror=alert(1)>',
  '</script><img src onerror=alert(1)>': 'a key',
  comment: '<!--<script>',
  commentEnd: '--><script>alert(1)</script>',
  separators: 'a\u2028b\u2029c',
  quotes: `"'\`\\" \\' autofocus onfocus=alert(1) \${alert(1)}`,
  entities: '&lt;/script&gt;&quot;',
  cdata: ']]><script>alert(1)</script>',
  control: '\0\b\n\r\t\u007f\ufeff\ud800',
  emoji: '🐶',
};

const files = {
  'text.html': `<!doctype html><meta charset="utf-8"><title>||@ payload @||</title>
<main><p>||@ payload @||</p>
<a title="||@ payload @||">double</a><a title='||@ payload @||'>single</a>
<textarea>||@ payload @||</textarea></main>`,
  'unescaped.html':
    '<main><p>||@& payload @||</p><a href="/" title="||@& payload @||">double</a></main>',
  'json.html': `<!doctype html><meta charset="utf-8"><title>json</title>
<main><script>window.data = ||@ json data @||;</script>
<script type="application/json">||@ json data @||</script>
<script>window.text = ||@ json data.text @||; window.all = [||@& json data @||];</script>
<p>||@ json data @||</p>
<a data-page='||@ json data @||'>page</a></main>`,
  'misquoted.html': '<main><a data-page="||@ json data @||">page</a></main>',
};

let folder: string;
let browser: Browser;
let page: Page;
let dialogs: string[];

@Controller()
class PagesController {
  @Get('text/:index')
  text(@Param('index') index: number): HTMLTemplateResponse {
    return new HTMLTemplateResponse('text', { context: { payload: payloads[index] } });
  }

  @Get('unescaped/:index')
  unescaped(@Param('index') index: number): HTMLTemplateResponse {
    return new HTMLTemplateResponse('unescaped', { context: { payload: payloads[index] } });
  }

  @Get('json')
  json(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('json', { context: { data } });
  }

  @Get('misquoted')
  misquoted(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('misquoted', { context: { data } });
  }
}

/** Run in the page: the elements of `<main>`, in their order, each with the names of its attributes. */
const ELEMENTS = `[...document.querySelectorAll('main *')].map((element) =>
  [element.localName, ...element.getAttributeNames()].join(' '))`;

describe.runIf(chromiumProgram)('HTMLTemplateResponse in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
    }
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message());
      await dialog.dismiss();
    });
  });

  beforeEach(() => {
    dialogs = [];
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  describe.each(platforms)('on $name', (platform) => {
    async function open(path: string): Promise<void> {
      const { url } = await start(platform, {
        controllers: [PagesController],
        responses: { templates: { root: folder } },
      });
      await page.goto(`${url}/${path}`);
    }

    it.each(payloads)('shows %s as text, in content and in quoted attributes', async (payload) => {
      await open(`text/${payloads.indexOf(payload)}`);
      expect(await page.evaluate(ELEMENTS)).toEqual(['p', 'a title', 'a title', 'textarea']);
      expect(await page.title()).toBe(payload);
      expect(await page.textContent('p')).toBe(payload);
      expect(await page.getAttribute('a:first-of-type', 'title')).toBe(payload);
      expect(await page.getAttribute('a:last-of-type', 'title')).toBe(payload);
      expect(await page.inputValue('textarea')).toBe(payload);
      expect(dialogs).toEqual([]);
    });

    // What shows that the tests above would see a payload that works.
    it.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>'])(
      'opens a dialog by %s if it is not escaped',
      async (payload) => {
        await open(`unescaped/${payloads.indexOf(payload)}`);
        expect(dialogs).not.toEqual([]);
      },
    );

    it('adds attributes if they are not escaped', async () => {
      await open(`unescaped/${payloads.indexOf('" onerror=alert(1) src=x a="')}`);
      expect(await page.evaluate(ELEMENTS)).toContain('a href title onerror src a');
    });

    it('passes data to a script, which it cannot escape from', async () => {
      await open('json');
      expect(await page.evaluate(ELEMENTS)).toEqual([
        'script',
        'script type',
        'script',
        'p',
        'a data-page',
      ]);
      expect(await page.evaluate('[data, text, all]')).toEqual([data, data.text, [data]]);
      expect(
        await page.evaluate('JSON.parse(document.querySelector("script[type]").text)'),
      ).toEqual(data);
      expect(JSON.parse(String(await page.textContent('p')))).toEqual(data);
      expect(JSON.parse(String(await page.getAttribute('a', 'data-page')))).toEqual(data);
      expect(dialogs).toEqual([]);
    });

    it('does not let data that ends an attribute add another attribute with a value', async () => {
      await open('misquoted');
      const values = await page.evaluate(
        '[...document.querySelector("a").attributes].map(({ value }) => value)',
      );
      expect(new Set(values as string[])).toEqual(new Set(['{', '']));
      expect(dialogs).toEqual([]);
    });
  });
});
