import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/** Options of `HTMLTemplateResponse`. @publicApi */
export interface HTMLTemplateResponseOptions<TContext = unknown> extends ResponseOptions {
  /** The values that the template uses. @default none */
  readonly context?: TContext;
}

/**
 * Renders a template, a file below the module's `templates.root`, and sends it as an HTML page. Values are HTML-escaped.
 * The `{{ }}` of front-end frameworks is plain text.
 *
 * The response is a 500 without details if the template is missing, is outside of the root, does not compile or fails
 * to render. The log names the template, or the file with line and column.
 *
 * @publicApi
 */
export class HTMLTemplateResponse<TContext = unknown> extends BufferedResponse<
  TContext | undefined
> {
  /** `text/html`, or `text/plain` for a template `.txt`, whose values are not escaped. */
  override readonly mediaType: string;

  /**
   * Throws a `TypeError` if the template is not a non-empty string.
   *
   * @param template the path of a file below the root, with `/` on every platform. `.html` can be left out
   */
  constructor(
    readonly template: string,
    { context, ...options }: HTMLTemplateResponseOptions<TContext> = {},
  ) {
    super(context, options);
    if (typeof template !== 'string') {
      throw new TypeError(
        `The template of an HTMLTemplateResponse must be the path of a file below "templates.root", got ${JSON.stringify(template)}.`,
      );
    }
    this.mediaType = template.endsWith('.txt') ? 'text/plain' : 'text/html';
  }

  render({ renderTemplate } = DEFAULT_SERVICES): Promise<string> {
    return renderTemplate(this.template, this.content);
  }
}
