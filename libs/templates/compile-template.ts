import type Handlebars from 'handlebars';
import { parseTemplate, type ParsedTemplate } from './parse-template.js';
import type { TemplateSource } from './template-source.js';

/** A template that can be rendered, with its source. */
export interface Template extends Pick<ParsedTemplate, 'partials' | 'choosesPartials'> {
  readonly source: TemplateSource;
  readonly render: Handlebars.TemplateDelegate<unknown>;
}

/**
 * Compiles a template with Handlebars' compiler, for the helpers of `handlebars`.
 *
 * @param isText true if values are not HTML-escaped
 * @throws TemplateSyntaxError
 */
export function compileTemplate(
  handlebars: typeof Handlebars,
  source: TemplateSource,
  isText = false,
): Template {
  const { program, partials, choosesPartials } = parseTemplate(source);
  // An indented partial is inserted unchanged. Handlebars would indent each of its lines, even those of a value in a
  // `<textarea>`, which would then grow with every save.
  const render = handlebars.compile<unknown>(program, {
    preventIndent: true,
    noEscape: isText,
  });
  return { source, partials, choosesPartials, render };
}
