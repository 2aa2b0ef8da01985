import { TemplateRenderError } from './template-render.error.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/**
 * A function that templates call. It receives the positional arguments of the call, then Handlebars' options
 * (`hash`, `fn`, `inverse`, `data`); `this` is the current context.
 *
 * @publicApi
 */
export type TemplateHelper = (this: never, ...args: never[]) => unknown;

/** Wraps a helper, so that its errors name the file, line and column of the call. */
export function locateHelper(
  helper: TemplateHelper,
): (this: unknown, ...args: unknown[]) => unknown {
  return function located(this: unknown, ...args: unknown[]): unknown {
    try {
      return settled(helper.apply(this as never, args as never[]));
    } catch (error) {
      throw locateError(error, args.at(-1) as HelperCall | undefined);
    }
  };
}

/** Returns a result unchanged. Throws for a promise, which would be rendered as `[object Promise]`. */
function settled(result: unknown): unknown {
  if (typeof result === 'object' && result !== null && 'then' in result) {
    // A rejection of the promise must not be a second error.
    void Promise.resolve(result).catch(() => undefined);
    throw new TypeError(
      'The helper returned a promise. Templates are rendered synchronously. Await the value first, and pass it in the context.',
    );
  }
  return result;
}

/**
 * The information that Handlebars passes to a helper about its call. Missing in its typings, and in calls from other
 * helpers.
 */
interface HelperCall {
  readonly loc?: {
    readonly source: string;
    readonly start: { readonly line: number; readonly column: number };
  };
}

function locateError(error: unknown, call: HelperCall | undefined): unknown {
  // The innermost call has failed. Blocks around it pass its error on.
  if (error instanceof TemplateRenderError || error instanceof TemplateSyntaxError || !call?.loc) {
    return error;
  }
  const { source, start } = call.loc;
  return new TemplateRenderError(source, { line: start.line, column: start.column + 1 }, error);
}
