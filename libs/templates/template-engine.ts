import { resolve } from 'node:path';
import Handlebars from 'handlebars';
import { compileTemplate, type Template } from './compile-template.js';
import { json } from './json.helper.js';
import { locateHelper, type TemplateHelper } from './locate-helper.js';
import { listTemplates, readTemplate } from './template-files.js';
import { TemplateNotFoundError } from './template-not-found.error.js';
import { TemplatePage, type FoundPartial } from './template-page.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/** Where templates are and what they can name, all optional. @publicApi */
export interface TemplateEngineOptions {
  /**
   * The folder of the templates, absolute or from the working directory.
   *
   * @default 'templates'
   */
  readonly root?: string;
  /** Functions that templates call, by name. One named as a built-in helper (`json`, `each`) replaces it. */
  readonly helpers?: Readonly<Record<string, TemplateHelper>>;
  /** Templates by name that others use as partials, before any file of that name. */
  readonly partials?: Readonly<Record<string, string>>;
  /**
   * Whether a template is read and compiled once and for all; otherwise its files are read at each rendering and
   * compiled anew when their text has changed.
   *
   * @default true where `NODE_ENV` is `production`
   */
  readonly cache?: boolean;
}

/**
 * Renders files by Handlebars with delimiters that leave front-end syntaxes alone: `||@ name @||` a value,
 * `||@& html @||` an unescaped one, `||% #each items %|| … ||% /each %||` a block, `||% > header %||` a partial,
 * `||* … *||` a comment. All other text reaches the output as it is. (A text that needs an opening delimiter parts it by
 * a comment: `||||* *||@`.)
 *
 * As in Handlebars, `~` at a delimiter removes the white space beside the tag, and a block, partial or comment that
 * stands alone on its line takes the line's white space and line break with it; a value never does. A partial that
 * stands indented does not indent the lines of its text.
 *
 * A template is named by its path below the root, with or without `.html`; so is a partial. A partial whose name is
 * computed (`||% > (lookup . 'widget') %||`) may be any of them, so a page with such a one has every file of the
 * root read.
 */
export class TemplateEngine {
  private readonly root: string;
  private readonly cache: boolean;
  private readonly handlebars = Handlebars.create();
  private readonly registered: ReadonlyMap<string, Template>;
  private readonly templates = new Map<string, Template>();
  private readonly pages = new Map<string, Promise<TemplatePage>>();

  /**
   * @throws TypeError for an option of the wrong type
   * @throws TemplateSyntaxError for a partial among the options that cannot be compiled
   */
  constructor(options: TemplateEngineOptions = {}) {
    const { root = 'templates', helpers = {}, partials = {} } = options;
    this.root = resolve(root);
    this.cache = options.cache ?? process.env.NODE_ENV === 'production';
    this.register({ json, ...helpers });
    this.registered = this.compileRegistered(partials);
  }

  /**
   * Renders the template `name`.
   *
   * @throws TemplateNotFoundError for a name that is missing or leads out of the root
   * @throws TemplateSyntaxError for a template, or a partial that is reached, that cannot be compiled
   * @throws TemplateRenderError for whatever fails while rendering
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

  private compileRegistered(partials: Readonly<Record<string, string>>): Map<string, Template> {
    return new Map(
      Object.entries(partials).map(([name, text]) => {
        if (typeof text !== 'string') {
          throw new TypeError(`The partial "${name}" must be a string, got ${typeof text}.`);
        }
        return [name, compileTemplate(this.handlebars, { file: `partials.${name}`, text })];
      }),
    );
  }

  /** The page as it was assembled first, also by a rendering that is still waiting for it. A failure is forgotten. */
  private remember(name: string): Promise<TemplatePage> {
    let page = this.pages.get(name);
    if (!page) {
      page = this.assemble(name);
      this.pages.set(name, page);
      page.catch(() => this.pages.delete(name));
    }
    return page;
  }

  /** Reads a template and, one after the other, the partials that it and they may reach. */
  private async assemble(name: string): Promise<TemplatePage> {
    const top = await this.load(name);
    const page = new TemplatePage(top);
    const reached = [top];
    const seen = new Set<string>();
    for (const template of reached) {
      for (const partial of await this.partialsOf(template)) {
        if (seen.has(partial)) {
          continue;
        }
        seen.add(partial);
        const found = await this.find(partial);
        page.add(partial, found, template);
        if (!(found instanceof Error)) {
          reached.push(found);
        }
      }
    }
    return page;
  }

  private async partialsOf(template: Template): Promise<string[]> {
    const named = [...template.partials.keys()];
    return template.choosesPartials
      ? [...named, ...this.registered.keys(), ...(await listTemplates(this.root))]
      : named;
  }

  private async find(partial: string): Promise<FoundPartial> {
    try {
      return this.registered.get(partial) ?? (await this.load(partial));
    } catch (error) {
      if (error instanceof TemplateSyntaxError || error instanceof TemplateNotFoundError) {
        return error;
      }
      throw error;
    }
  }

  private async load(name: string): Promise<Template> {
    const remembered = this.templates.get(name);
    if (remembered && this.cache) {
      return remembered;
    }
    const source = await readTemplate(this.root, name);
    // Judged by its text: two edits within the clock tick of a file system have the same time and often size. Asked
    // for only now, as another rendering may have compiled it while this one was reading.
    const current = this.templates.get(name);
    if (current?.source.text === source.text && current.source.file === source.file) {
      return current;
    }
    const template = compileTemplate(this.handlebars, source);
    this.templates.set(name, template);
    return template;
  }
}
