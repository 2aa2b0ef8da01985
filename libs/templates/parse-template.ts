import Handlebars from 'handlebars';
import { explainSyntaxError } from './explain-syntax-error.js';
import { literalsOf, toHandlebarsSource } from './handlebars-source.js';
import { scanTags, type Tag } from './scan-tags.js';
import type { TemplatePosition, TemplateSource } from './template-source.js';
import { TemplateTree } from './template-tree.js';

/** The parts of a template, ready for Handlebars' compiler. */
export interface ParsedTemplate {
  readonly program: hbs.AST.Program;
  /** The partials that it names, each with its first place. */
  readonly partials: ReadonlyMap<string, TemplatePosition>;
  /** True if a partial's name is computed while rendering, e.g. `||% > (lookup . 'widget') %||`. */
  readonly choosesPartials: boolean;
}

/**
 * Parses a template with Handlebars' parser. Literal text never passes through that parser.
 *
 * @throws TemplateSyntaxError with the place in the original template
 */
export function parseTemplate(source: TemplateSource): ParsedTemplate {
  const tags = scanTags(source);
  const program = parseTags(source, tags);
  const tree = new TemplateTree(source);
  tree.accept(program);
  tree.restore(literalsOf(source.text, tags));
  return { program, partials: tree.partials, choosesPartials: tree.choosesPartials };
}

function parseTags(source: TemplateSource, tags: readonly Tag[]): hbs.AST.Program {
  try {
    return Handlebars.parseWithoutProcessing(toHandlebarsSource(source.text, tags), {
      srcName: source.file,
    });
  } catch (cause) {
    throw explainSyntaxError(source, tags, cause);
  }
}
