import {
  Catch,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Query,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  HTMLTemplateResponse,
  type ResponsesModuleOptions,
  type TemplateEngineOptions,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';

const files = {
  'templates/page.html': '<h1>||@ title @||</h1>\n<p>{{ vue }} \\{{ x }} ${y} {% z %} Grüße</p>\n',
  'templates/bare.html': '<p>bare</p>',
  'templates/layout.html': '<main>||% > @partial-block %||</main>',
  'templates/mail/welcome.html': '||% #> layout %||<p>||@ title @||</p>||% /layout %||',
  'templates/helped.html': "||@ shout 'a' @|| ||% > card %||",
  'templates/broken.html': 'one\n  two ||@ a b; @||\n',
  'templates/failing.html': 'one\n  ||@ fail @||\n',
  'templates/not-found.html': '||@ notFound @||',
  'templates/has-failing.html': '||% > failing %||',
  'templates/has-broken.html': '||% > broken %||',
  'templates/has-missing.html': 'one\n||% > nowhere %||',
  'views/page.html': 'from views',
  'secret.html': 'secret',
};

const helpers = {
  shout: (text: string) => `${text.toUpperCase()}!`,
  fail() {
    throw new RangeError('secret reason');
  },
  notFound() {
    throw new NotFoundException('secret reason');
  },
};

const context = { title: '<b>"Rex" & co</b>' };
const title = '&lt;b&gt;&quot;Rex&quot; &amp; co&lt;/b&gt;';
const page = `<h1>${title}</h1>\n<p>{{ vue }} \\{{ x }} \${y} {% z %} Grüße</p>\n`;
const constant = new HTMLTemplateResponse('page', { context });

@Controller()
class PagesController {
  @Get('page')
  page(@Query('template') template = 'page'): HTMLTemplateResponse {
    return new HTMLTemplateResponse(template, { context });
  }

  @Get('constant')
  constant(): HTMLTemplateResponse {
    return constant;
  }

  @Get('options')
  options(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('bare', {
      statusCode: 404,
      headers: { 'X-Page': 'bare' },
      mediaType: 'application/xhtml+xml',
    }).setCookie('seen', 'yes');
  }

  @Get('bodiless')
  bodiless(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('nowhere', { statusCode: 204 });
  }

  @Get('gone')
  gone(@Query('template') template: string): never {
    throw new HttpException(template, 410);
  }
}

/** Answers by a page, as applications do for their errors. */
@Catch(HttpException)
class ErrorPageFilter implements ExceptionFilter<HttpException> {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: HttpException, host: ArgumentsHost): void {
    const response = new HTMLTemplateResponse(exception.message, {
      context,
      statusCode: exception.getStatus(),
    });
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), response);
  }
}

let directory: string;
const home = process.cwd();

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'pages-')));
  await write(files);
  await symlink(join(directory, 'secret.html'), join(directory, 'templates/link.html'));
  process.chdir(directory);
});

afterAll(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true });
});

async function write(contents: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(contents)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

describe.each(platforms)('HTMLTemplateResponse on $name', (platform) => {
  const startPages = (
    templates?: TemplateEngineOptions,
    responses?: ResponsesModuleOptions | false,
  ) => start(platform, { controllers: [PagesController], responses: responses ?? { templates } });

  describe('a page', () => {
    it('is sent as HTML in UTF-8 with escaped values and unchanged braces', async () => {
      const { url } = await startPages();
      const response = await fetch(`${url}/page`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(page)));
      expect(await response.text()).toBe(page);
    });

    it('has the status, headers, cookies and media type of the response', async () => {
      const { url } = await startPages();
      const response = await fetch(`${url}/options`);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/xhtml+xml');
      expect(response.headers.get('x-page')).toBe('bare');
      expect(response.headers.getSetCookie()).toEqual(['seen=yes; Path=/; SameSite=Lax']);
      expect(await response.text()).toBe('<p>bare</p>');
    });

    it('can be a constant that is sent many times', async () => {
      const { url } = await startPages();
      const pages = await Promise.all([1, 2, 3].map(() => fetch(`${url}/constant`)));
      expect(await Promise.all(pages.map((answer) => answer.text()))).toEqual([page, page, page]);
    });

    it('is not rendered for a status without a body', async () => {
      const { url } = await startPages();
      expect((await fetch(`${url}/bodiless`)).status).toBe(204);
    });

    it('answers HEAD with the head of GET', async () => {
      const { url } = await startPages();
      const response = await fetch(`${url}/page`, { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(page)));
      expect(await response.text()).toBe('');
    });

    it('can use the helpers and partials of the module', async () => {
      const { url } = await startPages({ helpers, partials: { card: '<i>||@ title @||</i>' } });
      const response = await fetch(`${url}/page?template=helped`);
      expect(await response.text()).toBe(`A! <i>${title}</i>`);
    });

    it('can answer an exception', async () => {
      const { url } = await start(platform, {
        controllers: [PagesController],
        providers: [{ provide: APP_FILTER, useClass: ErrorPageFilter }],
      });
      const response = await fetch(`${url}/gone?template=page`);
      expect(response.status).toBe(410);
      expect(await response.text()).toBe(page);
    });
  });

  describe('a template', () => {
    it.each([
      ['below "templates" of the working directory', undefined, 'page', page],
      ['by its name with the extension', undefined, 'page.html', page],
      ['in a folder', undefined, 'mail/welcome', `<main><p>${title}</p></main>`],
      ['below a root that is relative to the working directory', 'views', 'page', 'from views'],
    ])('is found %s', async (_case, root, template, body) => {
      const { url } = await startPages({ root });
      expect(await (await fetch(`${url}/page?template=${template}`)).text()).toBe(body);
    });

    it('is found below an absolute root, regardless of the working directory', async () => {
      const { url } = await startPages({ root: join(directory, 'views') });
      expect(await (await fetch(`${url}/page`)).text()).toBe('from views');
    });

    it('is found below "templates" of the working directory without the module', async () => {
      const { url } = await startPages(undefined, false);
      const response = await fetch(`${url}/page`);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toBe(page);
    });

    it.each([
      ['development', undefined, 'two'],
      ['production', undefined, 'one'],
      ['development', true, 'one'],
      ['production', false, 'two'],
    ])(
      'that is edited, with NODE_ENV=%s and the option cache %s, is sent as %s',
      async (environment, cache, body) => {
        vi.stubEnv('NODE_ENV', environment);
        onTestFinished(() => void vi.unstubAllEnvs());
        await write({ 'templates/edited.html': '||% > part %||', 'templates/part.html': 'one' });
        const { url } = await startPages({ cache });
        const get = async () => (await fetch(`${url}/page?template=edited`)).text();
        expect(await get()).toBe('one');
        await write({ 'templates/part.html': 'two' });
        expect(await get()).toBe(body);
      },
    );
  });

  describe('a failure is a 500 without details, and a log entry with the place:', () => {
    it.each([
      ['a missing template', 'nowhere', 'Template "nowhere" was not found in DIR/templates:'],
      ['a name with ..', '../secret', 'Template "../secret" was not found in DIR/templates:'],
      ['.. behind a folder', 'mail/../../secret', 'Template "mail/../../secret" was not found in'],
      ['an absolute name', '/etc/passwd', 'Template "/etc/passwd" was not found in'],
      ['a name with \\', '..\\secret', String.raw`Template "..\\secret" was not found in`],
      ['a link out of the root', 'link', 'Template "link" was not found in'],
      ['no name', '', 'Template "" was not found in'],
      ['a syntax error', 'broken', 'Syntax error in DIR/templates/broken.html:2:13: unexpected'],
      [
        'a failing helper',
        'failing',
        'Cannot render DIR/templates/failing.html:2:3: secret reason',
      ],
      [
        'a helper that throws a 404',
        'not-found',
        'Cannot render DIR/templates/not-found.html:1:1:',
      ],
      ['a failing partial', 'has-failing', 'Cannot render DIR/templates/failing.html:2:3: secret'],
      ['a broken partial', 'has-broken', 'Syntax error in DIR/templates/broken.html:2:13:'],
      [
        'a missing partial',
        'has-missing',
        'Cannot render DIR/templates/has-missing.html:2:1: Template "nowhere" was not found in',
      ],
    ])('%s', async (_case, template, message) => {
      const log = new LogCollector();
      const { url } = await start(platform, {
        controllers: [PagesController],
        responses: { templates: { helpers } },
        application: { logger: log },
      });
      const response = await fetch(`${url}/page?template=${encodeURIComponent(template)}`);
      expect(response.status).toBe(500);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.text()).toBe('{"statusCode":500,"message":"Internal server error"}');
      expect(log.entries).toEqual([expect.stringContaining(message.replace('DIR', directory))]);
    });

    it('also in the page of an exception filter', async () => {
      const log = new LogCollector();
      const { url } = await start(platform, {
        controllers: [PagesController],
        providers: [{ provide: APP_FILTER, useClass: ErrorPageFilter }],
        application: { logger: log },
      });
      const response = await fetch(`${url}/gone?template=broken`);
      expect(response.status).toBe(500);
      expect(await response.text()).toBe('');
      expect(log.entries).toEqual([
        expect.stringContaining(`Syntax error in ${directory}/templates/broken.html:2:13:`),
      ]);
    });
  });

  it.each([
    [
      { root: 1 },
      'The option "templates.root" of ResponsesModule must be the path of a directory, got 1.',
    ],
    [
      { root: '' },
      'The option "templates.root" of ResponsesModule must be the path of a directory',
    ],
    [
      { helpers: { a: 'text' } },
      '"templates.helpers" of ResponsesModule must be an object of functions',
    ],
    [
      { helpers: [String] },
      '"templates.helpers" of ResponsesModule must be an object of functions',
    ],
    [
      { partials: { a: 1 } },
      '"templates.partials" of ResponsesModule must be an object of strings',
    ],
    [{ cache: 'no' }, `"templates.cache" of ResponsesModule must be true or false, got 'no'.`],
    [{ folder: 'views' }, 'ResponsesModule has no option "templates.folder".'],
    ['views', `The option "templates" of ResponsesModule must be an object, got 'views'.`],
    [{ partials: { card: 'a\n||@ b' } }, 'Syntax error in partials.card:2:1: "||@" is not closed.'],
  ])('does not start with the options %j', async (templates, message) => {
    const options = { templates } as ResponsesModuleOptions;
    await expect(startPages(undefined, options)).rejects.toThrow(message);
  });
});
