import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/** What a page can be given. @publicApi */
export interface HTMLTemplateResponseOptions<TContext = unknown> extends ResponseOptions {
  /** The values that the template names. @default none */
  readonly context?: TContext;
}

/**
 * Sends an HTML page made of a template, a file below the module's `templates.root`. Values are HTML-escaped, and the
 * `{{ }}` of a front-end framework is text as any other: see the page of this class in the documentation.
 *
 * A template that is missing, leads out of the root, cannot be compiled or fails while it is rendered is a 500 that tells
 * the client nothing; its log names the template, or the file with line and column.
 *
 * @publicApi
 */
export class HTMLTemplateResponse<TContext = unknown> extends BufferedResponse<
  TContext | undefined
> {
  override readonly mediaType: string = 'text/html';

  /** @param template the path of a file below the root, with `/` on every platform; its `.html` may be left out */
  constructor(
    readonly template: string,
    { context, ...options }: HTMLTemplateResponseOptions<TContext> = {},
  ) {
    super(context, options);
  }

  render({ renderTemplate } = DEFAULT_SERVICES): Promise<string> {
    return renderTemplate(this.template, this.content);
  }
}
