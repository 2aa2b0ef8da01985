import { positionAt, type TemplatePosition, type TemplateSource } from './template-source.js';

/**
 * Thrown for a template that cannot be compiled. `line` and `column` refer to the original template. `cause` is the
 * error of Handlebars, if there is one.
 *
 * @publicApi
 */
export class TemplateSyntaxError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateSyntaxError';
  }

  /** The absolute path of the template's file, or the option that contains it. */
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
  /** Starts at 1, in UTF-16 code units. */
  readonly column: number;

  constructor(file: string, position: TemplatePosition, reason: string, options?: ErrorOptions) {
    super(`Syntax error in ${file}:${position.line}:${position.column}: ${reason}`, options);
    this.file = file;
    this.line = position.line;
    this.column = position.column;
  }

  /** Creates the error for an offset in the template's text. */
  static at(
    { file, text }: TemplateSource,
    offset: number,
    reason: string,
    options?: ErrorOptions,
  ): TemplateSyntaxError {
    return new TemplateSyntaxError(file, positionAt(text, offset), reason, options);
  }
}
