import Handlebars from 'handlebars';
import type { Template } from './compile-template.js';
import { TemplateNotFoundError } from './template-not-found.error.js';
import { TemplateRenderError } from './template-render.error.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/** The target of a partial's name. */
export type FoundPartial = Template | TemplateSyntaxError | TemplateNotFoundError;

const MARK = '\ufeff';

/** A template with all partials that rendering it may reach. */
export class TemplatePage {
  private readonly partials: Record<string, Handlebars.TemplateDelegate<unknown>> = {};
  /** Errors by Handlebars' message, which names the partial but not the place. */
  private readonly missing = new Map<string, () => TemplateRenderError>();

  constructor(private readonly template: Template) {}

  /** Adds a partial that `namedBy` names. A broken or missing one fails only if it is reached, as in Handlebars. */
  add(name: string, partial: FoundPartial, namedBy: Template): void {
    if (partial instanceof TemplateNotFoundError) {
      this.missing.set(
        `The partial ${name} could not be found`,
        () => new TemplateRenderError(namedBy.source.file, namedBy.partials.get(name), partial),
      );
    } else if (partial instanceof TemplateSyntaxError) {
      this.partials[name] = () => {
        throw partial;
      };
    } else {
      this.partials[name] = withoutMark(partial);
    }
  }

  /** @throws TemplateRenderError, or TemplateSyntaxError if a partial that cannot be compiled is reached */
  render(context: unknown): string {
    try {
      return this.template.render(context, {
        partials: this.partials,
        // Getters look like properties to the author of a template. Methods are not called, and Handlebars logs nothing
        // about it.
        allowProtoPropertiesByDefault: true,
        allowProtoMethodsByDefault: false,
      });
    } catch (error) {
      throw this.explain(error);
    }
  }

  private explain(error: unknown): unknown {
    const thrown = error instanceof TemplateRenderError ? error.cause : error;
    const missing = thrown instanceof Handlebars.Exception && this.missing.get(thrown.message);
    if (missing) {
      return missing();
    }
    return error instanceof TemplateRenderError || error instanceof TemplateSyntaxError
      ? error
      : new TemplateRenderError(this.template.source.file, undefined, error);
  }
}

/**
 * Removes the byte order mark of a partial. It is only valid at the start of a file, and would be a character within a
 * page. A tag that removes the white space beside it (`||@~ name @||`) has removed the mark already.
 */
function withoutMark({ source, render }: Template): Handlebars.TemplateDelegate<unknown> {
  if (!source.text.startsWith(MARK)) {
    return render;
  }
  return (context, options) => {
    const text = render(context, options);
    return text.startsWith(MARK) ? text.slice(MARK.length) : text;
  };
}
