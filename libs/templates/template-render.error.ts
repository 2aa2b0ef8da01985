import type { TemplatePosition } from './template-source.js';

/**
 * A template that failed while it was rendered, e.g. in a helper. `cause` is what was thrown. `line` and `column`
 * count from 1 and are those of the helper call or partial that failed, or of the block around what failed;
 * undefined where nothing stands around it, e.g. a getter of the context that throws.
 *
 * @publicApi
 */
export class TemplateRenderError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateRenderError';
  }

  /** From 1; undefined where nothing stands around what failed. */
  readonly line: number | undefined;
  /** From 1, in UTF-16 units; undefined where `line` is. */
  readonly column: number | undefined;

  constructor(
    /** The absolute path of the template's file, or the option that holds it. */
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
