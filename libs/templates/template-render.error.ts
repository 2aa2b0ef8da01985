import type { TemplatePosition } from './template-source.js';

/**
 * Thrown if a template fails while it is rendered, e.g. in a helper. `cause` is the original error. `line` and `column`
 * are those of the helper call or partial that failed, or of the block around it. They are undefined if there is none,
 * e.g. if a getter of the context throws.
 *
 * @publicApi
 */
export class TemplateRenderError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateRenderError';
  }

  /** Starts at 1. Undefined if the place is unknown. */
  readonly line: number | undefined;
  /** Starts at 1, in UTF-16 code units. Undefined if `line` is. */
  readonly column: number | undefined;

  constructor(
    /** The absolute path of the template's file, or the option that contains it. */
    readonly file: string,
    position: TemplatePosition | undefined,
    cause: unknown,
  ) {
    const place = position ? `${file}:${position.line}:${position.column}` : file;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot render ${place}: ${reason}`, { cause });
    this.line = position?.line;
    this.column = position?.column;
  }
}
