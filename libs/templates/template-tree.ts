import Handlebars from 'handlebars';
import type { TemplatePosition, TemplateSource } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/**
 * Walks the tree of a template. Collects the partials that it names, rejects unsupported features of Handlebars, and
 * restores the literal text.
 */
export class TemplateTree extends Handlebars.Visitor {
  readonly partials = new Map<string, TemplatePosition>();
  choosesPartials = false;
  private readonly contents: hbs.AST.ContentStatement[] = [];

  constructor(private readonly source: TemplateSource) {
    super();
  }

  /** Restores the literal text of content nodes. */
  restore(literals: readonly string[]): void {
    // In an inverted block (`||% ^name %||`), the second branch is visited first.
    this.contents.sort(
      ({ loc: { start: a } }, { loc: { start: b } }) => a.line - b.line || a.column - b.column,
    );
    this.contents.forEach((content, index) => {
      Object.assign(content, { value: literals[index], original: literals[index] });
    });
  }

  override ContentStatement(content: hbs.AST.ContentStatement): void {
    this.contents.push(content);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    this.note(partial);
    super.PartialStatement(partial);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.note(partial);
    super.PartialBlockStatement(partial);
  }

  override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
    if (decorator.path.original !== 'inline') {
      throw this.error(decorator, `"#*${decorator.path.original}" is unknown. Write "#*inline".`);
    }
    super.DecoratorBlock(decorator);
  }

  private note(partial: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement): void {
    if (partial.params.length > 1) {
      throw this.error(
        partial,
        'a partial accepts one context. Pass further values as name=value.',
      );
    }
    if (partial.name.type === 'SubExpression') {
      this.choosesPartials = true;
      return;
    }
    const { data, original } = partial.name as hbs.AST.PathExpression;
    const name = String(original);
    // "@partial-block" is the content between the tags of the caller, not a file.
    if (!data && !this.partials.has(name)) {
      this.partials.set(name, startOf(partial));
    }
  }

  private error(node: hbs.AST.Node, reason: string): TemplateSyntaxError {
    return new TemplateSyntaxError(this.source.file, startOf(node), reason);
  }
}

function startOf({ loc: { start } }: hbs.AST.Node): TemplatePosition {
  return { line: start.line, column: start.column + 1 };
}
