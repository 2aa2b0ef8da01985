import { TemplateRenderError } from './template-render.error.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/**
 * A function that templates call. It receives the positional arguments of the call, then Handlebars' options
 * (`hash`, `fn`, `inverse`, `data`); `this` is the current context.
 *
 * @publicApi
 */
export type TemplateHelper = (this: never, ...args: never[]) => unknown;

/** A helper whose failure names the file, line and column of its call. */
export function locateHelper(
  helper: TemplateHelper,
): (this: unknown, ...args: unknown[]) => unknown {
  return function located(this: unknown, ...args: unknown[]): unknown {
    try {
      return helper.apply(this as never, args as never[]);
    } catch (error) {
      throw locateError(error, args.at(-1) as HelperCall | undefined);
    }
  };
}

/** What Handlebars tells a helper of its call; not part of its typings. One helper calling another tells nothing. */
interface HelperCall {
  readonly loc?: {
    readonly source: string;
    readonly start: { readonly line: number; readonly column: number };
  };
}

function locateError(error: unknown, call: HelperCall | undefined): unknown {
  // The innermost call is the one that failed: blocks around it pass its error on.
  if (error instanceof TemplateRenderError || error instanceof TemplateSyntaxError || !call?.loc) {
    return error;
  }
  const { source, start } = call.loc;
  return new TemplateRenderError(source, { line: start.line, column: start.column + 1 }, error);
}
