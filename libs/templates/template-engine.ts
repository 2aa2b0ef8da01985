import { resolve } from 'node:path';
import Handlebars from 'handlebars';
import { compileTemplate, type Template } from './compile-template.js';
import { json } from './json.helper.js';
import { locateHelper, type TemplateHelper } from './locate-helper.js';
import { listTemplates, readTemplate } from './template-files.js';
import { TemplateNotFoundError } from './template-not-found.error.js';
import { TemplatePage, type FoundPartial } from './template-page.js';
import type { TemplateSource } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/** Options for templates. All are optional. @publicApi */
export interface TemplateEngineOptions {
  /**
   * The directory of the templates, absolute or relative to the working directory.
   *
   * @default 'templates'
   */
  readonly root?: string;
  /** Functions that templates can call, by name. A helper named like a built-in one (`json`, `each`) replaces it. */
  readonly helpers?: Readonly<Record<string, TemplateHelper>>;
  /** Partials by name. They win over files of the same name. */
  readonly partials?: Readonly<Record<string, string>>;
  /**
   * True to read and compile each template only once. Otherwise, its files are read for each rendering and recompiled
   * if their text has changed.
   *
   * @default true if `NODE_ENV` is `production`
   */
  readonly cache?: boolean;
}

/** The kind of a page, which decides if values are escaped, even in its partials. */
type PageKind = 'html' | 'text';

const TEXT_EXTENSION = '.txt';

/**
 * Renders files with Handlebars, with delimiters that do not conflict with front-end syntaxes: `||@ name @||` for a
 * value, `||@& html @||` for an unescaped one, `||% #each items %|| … ||% /each %||` for a block, `||% > header %||`
 * for a partial, `||* … *||` for a comment. All other text is output unchanged. To output an opening delimiter, split
 * it with a comment: `||||* *||@`.
 *
 * Values are HTML-escaped, except in a page whose name ends with `.txt`, e.g. of a mail.
 *
 * As in Handlebars, `~` at a delimiter removes the white space beside the tag. A block, partial or comment that is
 * alone on its line also removes the line's white space and line break; a value never does. Unlike in Handlebars, an
 * indented partial does not indent its lines.
 *
 * A template or partial is named by its path below the root, with or without `.html`. A partial with a computed name
 * (`||% > (lookup . 'widget') %||`) can be any of them, so its page reads every file of the root.
 */
export class TemplateEngine {
  private readonly root: string;
  private readonly cache: boolean;
  private readonly handlebars = Handlebars.create();
  /** The partials of the options, for pages of HTML and of text. */
  private readonly registered: Readonly<Record<PageKind, ReadonlyMap<string, Template>>>;
  private readonly templates = new Map<string, Template>();
  private readonly pages = new Map<string, Promise<TemplatePage>>();

  /**
   * @throws TypeError for an option of the wrong type
   * @throws TemplateSyntaxError for a partial in the options that cannot be compiled
   */
  constructor(options: TemplateEngineOptions = {}) {
    const { root = 'templates', helpers = {}, partials = {} } = options;
    this.root = resolve(root);
    this.cache = options.cache ?? process.env.NODE_ENV === 'production';
    this.register({ json, ...helpers });
    this.registered = {
      html: this.compileRegistered(partials, 'html'),
      text: this.compileRegistered(partials, 'text'),
    };
  }

  /**
   * Renders the template `name`.
   *
   * @throws TemplateNotFoundError for a name that is missing or outside the root
   * @throws TemplateSyntaxError for a template, or a partial that it reaches, that cannot be compiled
   * @throws TemplateRenderError for any failure while rendering
   */
  async render(name: string, context: unknown = {}): Promise<string> {
    const page = await (this.cache ? this.remember(name) : this.assemble(name));
    return page.render(context);
  }

  private register(helpers: Readonly<Record<string, TemplateHelper>>): void {
    for (const [name, helper] of Object.entries({ ...this.handlebars.helpers, ...helpers })) {
      if (typeof helper !== 'function') {
        throw new TypeError(`The helper "${name}" must be a function, got ${typeof helper}.`);
      }
      this.handlebars.registerHelper(name, locateHelper(helper));
    }
  }

  private compileRegistered(
    partials: Readonly<Record<string, string>>,
    kind: PageKind,
  ): Map<string, Template> {
    return new Map(
      Object.entries(partials).map(([name, text]) => {
        if (typeof text !== 'string') {
          throw new TypeError(`The partial "${name}" must be a string, got ${typeof text}.`);
        }
        return [name, this.compile({ file: `partials.${name}`, text }, kind)];
      }),
    );
  }

  /** Returns the cached page, or the one that a concurrent rendering is assembling. Failures are not cached. */
  private remember(name: string): Promise<TemplatePage> {
    let page = this.pages.get(name);
    if (!page) {
      page = this.assemble(name);
      this.pages.set(name, page);
      page.catch(() => this.pages.delete(name));
    }
    return page;
  }

  /** Reads a template and, one after the other, all partials that it can reach. */
  private async assemble(name: string): Promise<TemplatePage> {
    const kind = name.endsWith(TEXT_EXTENSION) ? 'text' : 'html';
    const top = await this.load(name, kind);
    const page = new TemplatePage(top);
    const reached = [top];
    const seen = new Set<string>();
    for (const template of reached) {
      for (const partial of await this.partialsOf(template, kind)) {
        if (seen.has(partial)) {
          continue;
        }
        seen.add(partial);
        const found = await this.find(partial, kind);
        page.add(partial, found, template);
        if (!(found instanceof Error)) {
          reached.push(found);
        }
      }
    }
    return page;
  }

  private async partialsOf(template: Template, kind: PageKind): Promise<string[]> {
    const named = [...template.partials.keys()];
    return template.choosesPartials
      ? [...named, ...this.registered[kind].keys(), ...(await listTemplates(this.root))]
      : named;
  }

  private async find(partial: string, kind: PageKind): Promise<FoundPartial> {
    try {
      return this.registered[kind].get(partial) ?? (await this.load(partial, kind));
    } catch (error) {
      if (error instanceof TemplateSyntaxError || error instanceof TemplateNotFoundError) {
        return error;
      }
      throw error;
    }
  }

  private async load(name: string, kind: PageKind): Promise<Template> {
    const key = `${kind}:${name}`;
    const remembered = this.templates.get(key);
    if (remembered && this.cache) {
      return remembered;
    }
    const source = await readTemplate(this.root, name);
    // Compares the text, because two edits within the resolution of the file system's clock have the same time and
    // often the same size. Checked only now, because a concurrent rendering may have compiled it meanwhile.
    const current = this.templates.get(key);
    if (current?.source.text === source.text && current.source.file === source.file) {
      return current;
    }
    const template = this.compile(source, kind);
    this.templates.set(key, template);
    return template;
  }

  private compile(source: TemplateSource, kind: PageKind): Template {
    return compileTemplate(this.handlebars, source, kind === 'text');
  }
}
