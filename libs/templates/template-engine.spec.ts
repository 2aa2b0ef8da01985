import { mkdir, mkdtemp, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import Handlebars from 'handlebars';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  TemplateEngine,
  TemplateNotFoundError,
  TemplateRenderError,
  TemplateSyntaxError,
  type TemplateEngineOptions,
} from './index.js';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'templates-')));
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

function engine(options: TemplateEngineOptions = {}): TemplateEngine {
  return new TemplateEngine({ root, cache: false, ...options });
}

async function renderPage(
  files: Record<string, string>,
  context?: unknown,
  options?: TemplateEngineOptions,
): Promise<string> {
  await write(files);
  return engine(options).render('page.html', context);
}

describe('the root', () => {
  it('is resolved from the working directory', async () => {
    await write({ 'page.html': 'page' });
    expect(await engine({ root: relative(process.cwd(), root) }).render('page')).toBe('page');
  });

  it('is "templates" by default', async () => {
    await expect(new TemplateEngine().render('missing')).rejects.toMatchObject({
      template: 'missing',
      root: resolve('templates'),
    });
  });
});

describe('render', () => {
  it('escapes values', async () => {
    const value = `<img src=x onerror="alert('&\`')">`;
    expect(
      await renderPage({ 'page.html': '<p title="||@ value @||">||@ value @||</p>' }, { value }),
    ).toBe(
      '<p title="TEXT">TEXT</p>'.replaceAll(
        'TEXT',
        '&lt;img src&#x3D;x onerror&#x3D;&quot;alert(&#x27;&amp;&#x60;&#x27;)&quot;&gt;',
      ),
    );
  });

  it('needs no context', async () => {
    expect(await renderPage({ 'page.html': '[||@ name @||]' })).toBe('[]');
  });

  it('keeps front-end syntaxes', async () => {
    const vue = '<p :class="{ a: b || c }" @click="go">{{ name }} \\{{ x }} ${y} {% z %}</p>\r\n';
    expect(await renderPage({ 'page.html': vue }, { name: 'x' })).toBe(vue);
  });

  it('writes JSON that cannot escape from a script, escaped or not', async () => {
    const data = { text: '</script><!--\u2028' };
    const text = String.raw`{"text":"\u003c/script\u003e\u003c!--\u2028"}`;
    expect(
      await renderPage({ 'page.html': '||@ json data @|| ||@& json data @||' }, { data }),
    ).toBe(`${text} ${text}`);
  });
});

describe('helpers', () => {
  it('receive the arguments of the call and the context', async () => {
    const helpers = {
      shout: (text: string) => text.toUpperCase(),
      full(this: { first: string }, last: string) {
        return `${this.first} ${last}`;
      },
      twice(this: unknown, options: Handlebars.HelperOptions) {
        return options.fn(this) + options.fn(this);
      },
    };
    expect(
      await renderPage(
        { 'page.html': '||% #twice %||||@ shout (full "L") @||;||% /twice %||' },
        { first: 'a' },
        { helpers },
      ),
    ).toBe('A L;A L;');
  });

  it('win over the built-in ones', async () => {
    const helpers = { json: () => 'mine', if: () => 'never' };
    expect(
      await renderPage(
        { 'page.html': '||@ json 1 @|| ||% #if true %||||% /if %||' },
        {},
        { helpers },
      ),
    ).toBe('mine never');
  });

  it('and partials belong to one engine', async () => {
    await write({ 'page.html': '||@ shout "a" @||', 'other.html': '||% > registered %||' });
    engine({ helpers: { shout: () => 'A' }, partials: { registered: 'r' } });
    await expect(engine().render('page')).rejects.toThrow('Missing helper: "shout"');
    await expect(engine().render('other')).rejects.toThrow(TemplateRenderError);
    expect(Handlebars.helpers).not.toHaveProperty('json');
  });

  it('must be functions', () => {
    const helpers = { broken: 'text' } as unknown as TemplateEngineOptions['helpers'];
    expect(() => engine({ helpers })).toThrow(
      new TypeError('The helper "broken" must be a function, got string.'),
    );
  });
});

describe('partials', () => {
  it.each([
    ['a file', '||% > header.html %||', 'H:page'],
    ['a file without its extension', '||% > header %||', 'H:page'],
    ['a file in a folder', '||% > mail/footer %||', 'F:page'],
    ['a file named by a string', '||% > "mail/footer.html" %||', 'F:page'],
    ['a context', '||% > header user %||', 'H:user'],
    ['named values', '||% > header title="named" %||', 'H:named'],
    ['a partial of a partial', '||% > outer %||', '(H:page)'],
    ['the same partial twice', '||% > header %||||% > header user %||', 'H:pageH:user'],
    [
      'a layout',
      '||% #> layout %||body ||@ title @||||% /layout %||',
      '<main>body page</main>none',
    ],
    [
      'a layout with an inline partial',
      '||% #> layout %||body||% #*inline "aside" %||mine||% /inline %||||% /layout %||',
      '<main>body</main>mine',
    ],
    [
      'a block in place of a missing partial',
      '||% #> missing %||instead||% /missing %||',
      'instead',
    ],
    ['a missing partial that is not reached', '||% #if no %||||% > missing %||||% /if %||ok', 'ok'],
    ['a broken partial that is not reached', '||% #if no %||||% > broken %||||% /if %||ok', 'ok'],
    [
      'an inline partial before a file',
      '||% #*inline "header" %||inline||% /inline %||||% > header %||',
      'inline',
    ],
    ['a registered partial', '||% > registered %||', 'R:page'],
    ['a registered partial before a file', '||% > both %||', 'registered H:page'],
    ['a computed name of a file', "||% > (lookup . 'which') %||", 'F:page'],
    ['a computed name of a registered partial', '||% > (lookup names 0) %||', 'R:page'],
    [
      'a computed name of an inline partial',
      '||% #*inline "own" %||own||% /inline %||||% > (lookup names 1) %||',
      'own',
    ],
    ['a computed name in a partial', '||% > chooser %||', '[F:page]'],
    ['white space of a line with a partial alone', 'a\n  ||% > lines %||\nb', 'a\n  1\n2\nb'],
  ])('can be %s', async (_case, page, output) => {
    await write({
      'header.html': 'H:||@ title @||',
      'outer.html': '(||% > header %||)',
      'layout.html': '<main>||% > @partial-block %||</main>||% #> aside %||none||% /aside %||',
      'mail/footer.html': 'F:||@ title @||',
      'both.html': 'file',
      'chooser.html': "[||% > (lookup . 'which') %||]",
      'broken.html': '||% #if %',
      'lines.html': '1\n2\n',
    });
    const context = {
      title: 'page',
      user: { title: 'user' },
      which: 'mail/footer',
      names: ['registered', 'own'],
    };
    const partials = { registered: 'R:||@ title @||', both: 'registered ||% > header %||' };
    expect(await renderPage({ 'page.html': page }, context, { partials })).toBe(output);
  });

  it('can contain themselves', async () => {
    const tree = { name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }, { name: 'd' }] };
    const page = '||@ name @||(||% #each children %||||% > page.html %||||% /each %||)';
    expect(await renderPage({ 'page.html': page }, tree)).toBe('a(b(c())d())');
  });

  it('keep every byte of their literal text', async () => {
    const partial = ' {{ a }} \\{{ b }}\r\n\0<% c %> ';
    expect(await renderPage({ 'page.html': '[||% > part %||]', 'part.html': partial })).toBe(
      `[${partial}]`,
    );
  });

  it('do not indent the lines of a value, which a form would submit with the indentation', async () => {
    const files = {
      'page.html': '<form>\n    ||% > field %||\n</form>',
      'field.html': '<textarea>||@ text @||</textarea>\n',
    };
    expect(await renderPage(files, { text: 'a\nb' })).toBe(
      '<form>\n    <textarea>a\nb</textarea>\n</form>',
    );
  });

  it('with a computed name do not read files outside the root', async () => {
    const page = { 'page.html': '||% > (lookup . "which") %||' };
    await expect(renderPage(page, { which: '../../etc/passwd' })).rejects.toThrow(
      `Cannot render ${join(root, 'page.html')}: The partial ../../etc/passwd could not be found`,
    );
  });

  it('in the options are compiled immediately', () => {
    expect(() => engine({ partials: { card: 'a\n||@ b;@||' } })).toThrow(
      'Syntax error in partials.card:2:5: unexpected "b;".',
    );
    const partials = { card: 1 } as unknown as TemplateEngineOptions['partials'];
    expect(() => engine({ partials })).toThrow(
      new TypeError('The partial "card" must be a string, got number.'),
    );
  });
});

describe('an error', () => {
  const helpers = {
    fail() {
      throw new RangeError('out of range');
    },
    text() {
      // A helper may throw anything.
      throw 'no error';
    },
    wrap(this: unknown, options: Handlebars.HelperOptions) {
      return options.fn(this);
    },
  };
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const context = {
    yes: true,
    cycle,
    get broken(): string {
      throw new Error('broken getter');
    },
  };

  it.each([
    ['a failing helper', 'a\r\n {{ b }} ||@ fail 1 @||', 'page', 2, 10, 'out of range'],
    ['a helper that throws no error', '||@ text @||', 'page', 1, 1, 'no error'],
    [
      'a helper in a block',
      '||% #if yes %||\n||% #wrap %||\n ||@ fail @||||% /wrap %||||% /if %||',
      'page',
      3,
      2,
      'out of range',
    ],
    ['a helper in a sub-expression', '||% #if (fail) %||||% /if %||', 'page', 1, 9, 'out of range'],
    ['a missing helper', '\n||@ missing 1 @||', 'page', 2, 1, 'Missing helper: "missing"'],
    [
      'a missing block helper',
      '\n||% #missing 1 %||||% /missing %||',
      'page',
      2,
      1,
      'Missing helper: "missing"',
    ],
    [
      'a built-in helper',
      ' ||% #if %||||% /if %||',
      'page',
      1,
      2,
      '#if requires exactly one argument',
    ],
    ['a helper in a partial', '\n\n||% > part %||', 'part', 2, 3, 'out of range'],
    [
      'a helper in a block for a layout',
      '||% #> layout %||\n ||@ fail @||||% /layout %||',
      'page',
      2,
      2,
      'out of range',
    ],
    [
      'a getter in a block',
      '\n||% #if yes %||||@ broken @||||% /if %||',
      'page',
      2,
      1,
      'broken getter',
    ],
    [
      'a missing partial',
      'a\n  ||% > none %||',
      'page',
      2,
      3,
      'Template "none" was not found in ROOT: the file does not exist.',
    ],
    [
      'a missing partial in a block',
      '||% #if yes %||\n||% > none %||||% /if %||',
      'page',
      2,
      1,
      'Template "none" was not found in ROOT: the file does not exist.',
    ],
    [
      'a missing partial in a partial',
      '||% > outer %||',
      'outer',
      1,
      6,
      'Template "none" was not found in ROOT: the file does not exist.',
    ],
  ])('of %s names file, line and column', async (_case, page, file, line, column, reason) => {
    const files = {
      'page.html': page,
      'part.html': '\n  ||@ fail @||',
      'layout.html': '\n\n<main>||% > @partial-block %||</main>',
      'outer.html': '<div>||% > none %||',
    };
    const error = await errorOf(files);
    const path = join(root, `${file}.html`);
    expect(error).toBeInstanceOf(TemplateRenderError);
    expect(error).toMatchObject({ file: path, line, column });
    expect(error.message).toBe(
      `Cannot render ${path}:${line}:${column}: ${reason.replace('ROOT', root)}`,
    );
  });

  it('outside of helpers names the file', async () => {
    const error = await errorOf({ 'page.html': '||@ broken @||' });
    expect(error).toMatchObject({ file: join(root, 'page.html'), line: undefined });
    expect(error.message).toBe(`Cannot render ${join(root, 'page.html')}: broken getter`);
  });

  it('has the thrown value as its cause', async () => {
    expect((await errorOf({ 'page.html': '||@ fail @||' })).cause).toBeInstanceOf(RangeError);
    expect((await errorOf({ 'page.html': '||@ text @||' })).cause).toBe('no error');
    expect((await errorOf({ 'page.html': '||% > none %||' })).cause).toBeInstanceOf(
      TemplateNotFoundError,
    );
  });

  it('of a value that JSON cannot represent names the call of json', async () => {
    expect(await errorOf({ 'page.html': 'a ||@ json cycle @||' })).toMatchObject({
      line: 1,
      column: 3,
    });
  });

  it('of endless recursion of a partial is an ordinary error', async () => {
    expect(await errorOf({ 'page.html': '||% > page %||' })).toBeInstanceOf(TemplateRenderError);
  });

  it('of a page that cannot be compiled is a syntax error', async () => {
    const error = await errorOf({ 'page.html': 'a\n||% #if yes %||' });
    expect(error).toBeInstanceOf(TemplateSyntaxError);
    expect(error).toMatchObject({ file: join(root, 'page.html'), line: 2, column: 1 });
  });

  it('of a partial that cannot be compiled is a syntax error', async () => {
    const error = await errorOf({
      'page.html': '||% #if yes %||||% > part %||||% /if %||',
      'part.html': 'a\n ||@ b;@||',
    });
    expect(error).toBeInstanceOf(TemplateSyntaxError);
    expect(error).toMatchObject({ file: join(root, 'part.html'), line: 2, column: 6 });
  });

  it('of a missing page names it', async () => {
    const error = await errorOf({});
    expect(error).toBeInstanceOf(TemplateNotFoundError);
    expect(error).toMatchObject({ template: 'page.html', root });
  });

  async function errorOf(files: Record<string, string>): Promise<Error> {
    const rendering = renderPage(files, context, { helpers });
    return rendering.then(
      (output) => Promise.reject(new Error(`It rendered ${output}`)),
      (error: Error) => error,
    );
  }
});

describe('without cache', () => {
  it('the next rendering shows an edited page, even with the same size and time', async () => {
    const templates = engine();
    await write({ 'page.html': 'one' });
    const { atime, mtime } = await stat(join(root, 'page.html'));
    expect(await templates.render('page')).toBe('one');
    await write({ 'page.html': 'two' });
    await utimes(join(root, 'page.html'), atime, mtime);
    expect(await templates.render('page')).toBe('two');
  });

  it('the next rendering shows an edited partial, even within a partial or with a computed name', async () => {
    const templates = engine();
    await write({
      'page.html': "||% > outer %||||% > (lookup . 'name') %||",
      'outer.html': '||% > inner %||',
      'inner.html': '1',
      'chosen.html': '2',
    });
    expect(await templates.render('page', { name: 'chosen' })).toBe('12');
    await write({ 'inner.html': '3', 'chosen.html': '4' });
    expect(await templates.render('page', { name: 'chosen' })).toBe('34');
  });

  it('files can appear, break, be fixed and disappear', async () => {
    const templates = engine();
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateNotFoundError);
    await write({ 'page.html': '||% > part %||' });
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateRenderError);
    await write({ 'part.html': '||@ a' });
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateSyntaxError);
    await write({ 'part.html': 'part' });
    expect(await templates.render('page')).toBe('part');
    await rm(join(root, 'page.html'));
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateNotFoundError);
  });

  it('a template is compiled once per text, even by concurrent renderings', async () => {
    const parse = vi.spyOn(Handlebars, 'parseWithoutProcessing');
    const templates = engine();
    await write({ 'page.html': '||% > part %||', 'part.html': 'part' });
    await Promise.all([templates.render('page'), templates.render('page')]);
    await templates.render('page');
    expect(parse).toHaveBeenCalledTimes(2);
    await write({ 'part.html': 'other' });
    await templates.render('page');
    expect(parse).toHaveBeenCalledTimes(3);
  });
});

describe('with cache', () => {
  it('pages and partials stay as they were first read', async () => {
    const templates = engine({ cache: true });
    await write({ 'page.html': 'one ||% > part %||', 'part.html': 'one' });
    expect(await templates.render('page')).toBe('one one');
    await write({ 'page.html': 'two', 'part.html': 'two', 'other.html': '||% > part %||' });
    expect(await templates.render('page')).toBe('one one');
    expect(await templates.render('other')).toBe('one');
  });

  it('a template is compiled once by concurrent renderings', async () => {
    const parse = vi.spyOn(Handlebars, 'parseWithoutProcessing');
    const templates = engine({ cache: true });
    await write({ 'page.html': '||% > part %||||@ n @||', 'part.html': 'part' });
    const renderings = Array.from({ length: 20 }, (_, n) => templates.render('page', { n }));
    expect(await Promise.all(renderings)).toEqual(renderings.map((_, n) => `part${n}`));
    expect(parse).toHaveBeenCalledTimes(2);
  });

  it('a page that was missing or broken is read again', async () => {
    const templates = engine({ cache: true });
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateNotFoundError);
    await write({ 'page.html': '||@ a' });
    await expect(templates.render('page')).rejects.toBeInstanceOf(TemplateSyntaxError);
    await write({ 'page.html': 'page' });
    expect(await templates.render('page')).toBe('page');
  });

  it.each([
    ['production', 'one'],
    ['development', 'two'],
  ])('is the default in production only: %s', async (environment, output) => {
    vi.stubEnv('NODE_ENV', environment);
    const templates = new TemplateEngine({ root });
    await write({ 'page.html': 'one' });
    await templates.render('page');
    await write({ 'page.html': 'two' });
    expect(await templates.render('page')).toBe(output);
  });
});
