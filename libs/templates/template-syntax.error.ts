import { positionAt, type TemplatePosition, type TemplateSource } from './template-source.js';

/**
 * A template that cannot be compiled. `line` and `column` count from 1 in the template as written; `cause` is
 * the error of Handlebars, where it was Handlebars that refused the template.
 *
 * @publicApi
 */
export class TemplateSyntaxError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateSyntaxError';
  }

  /** The absolute path of the template's file, or the option that holds it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;

  constructor(file: string, position: TemplatePosition, reason: string, options?: ErrorOptions) {
    super(`Syntax error in ${file}:${position.line}:${position.column}: ${reason}`, options);
    this.file = file;
    this.line = position.line;
    this.column = position.column;
  }

  /** The error at an offset into the template's text. */
  static at(
    { file, text }: TemplateSource,
    offset: number,
    reason: string,
    options?: ErrorOptions,
  ): TemplateSyntaxError {
    return new TemplateSyntaxError(file, positionAt(text, offset), reason, options);
  }
}
