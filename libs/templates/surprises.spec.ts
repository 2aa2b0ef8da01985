import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TemplateEngine, TemplateRenderError } from './index.js';

class Person {
  constructor(
    readonly first: string,
    readonly last: string,
  ) {}

  get full(): string {
    return `${this.first} ${this.last}`;
  }

  method(): string {
    return 'not called';
  }
}

class Employee extends Person {}

describe('A TemplateEngine', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'templates-'));
    const files = {
      'page.html': '||% > part %||||@ value @||',
      'mail.txt': '||% > part %||||@ value @||||% > given %||',
      'part.html': '\ufeffpart ||@ value @|| ',
      'tilde.html': '\ufeff||@~ value @||',
      'tildes.html': '[||% > tilde %||]',
      'bom.html': '\ufeff<p>||% > part %||</p>',
      'getter.html': '||@ person.full @||, ||% #with person %||||@ full @||||% /with %||',
      'method.html': '[||@ person.method @||||@ person.constructor @||||@ person.__proto__ @||]',
      'async.html': 'a\n  ||@ later value @||',
      'block.html': '||% #laterBlock %||a||% /laterBlock %||',
      'nested.html': '||@ upper (later value) @||',
    };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(root, name), text);
    }
  });
  afterAll(() => rm(root, { recursive: true }));

  const open = () =>
    new TemplateEngine({
      root,
      cache: false,
      helpers: {
        later: (value: string) => Promise.resolve(value),
        laterBlock: () => Promise.reject(new Error('late')),
        upper: (value: string) => value.toUpperCase(),
      },
      partials: { given: ' given ||@ value @||' },
    });

  it('escapes the values of an HTML page and of its partials', async () => {
    expect(await open().render('page', { value: '<b>' })).toBe('part &lt;b&gt; &lt;b&gt;');
  });

  it('escapes nothing in a page of text and in its partials', async () => {
    const engine = open();
    expect(await engine.render('mail.txt', { value: '<b>' })).toBe('part <b> <b> given <b>');
    // The same partial in a page of HTML afterwards.
    expect(await engine.render('page', { value: '<b>' })).toBe('part &lt;b&gt; &lt;b&gt;');
  });

  it('leaves out the byte order mark of a partial, and keeps that of the page', async () => {
    expect(await open().render('bom', { value: 1 })).toBe('\ufeff<p>part 1 </p>');
    expect(await open().render('tildes', { value: 12 })).toBe('[12]');
  });

  it('reads getters of classes, also inherited ones', async () => {
    for (const person of [new Person('Ada', 'Lovelace'), new Employee('Ada', 'Lovelace')]) {
      expect(await open().render('getter', { person })).toBe('Ada Lovelace, Ada Lovelace');
    }
  });

  it('does not reach methods and prototypes, and writes nothing to the console', async () => {
    const error = vi.spyOn(console, 'error');
    onTestFinished(() => error.mockRestore());
    expect(await open().render('method', { person: new Person('Ada', 'Lovelace') })).toBe('[]');
    expect(error).not.toHaveBeenCalled();
  });

  it.each([
    ['async', 'async.html:2:3'],
    ['block', 'block.html:1:1'],
    ['nested', 'nested.html:1:'],
  ])('rejects a helper that returns a promise: %s', async (name, place) => {
    const error: unknown = await open()
      .render(name, { value: 'a' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TemplateRenderError);
    expect((error as Error).message).toContain(place);
    expect((error as Error).message).toContain('The helper returned a promise.');
  });
});
