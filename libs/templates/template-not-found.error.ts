/**
 * A template name that is no file below the root: missing, or leading outside.
 *
 * @publicApi
 */
export class TemplateNotFoundError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateNotFoundError';
  }

  constructor(
    /** The name that was asked for. */
    readonly template: string,
    /** The directory of all templates, an absolute path. */
    readonly root: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Template ${JSON.stringify(template)} was not found in ${root}: ${reason}`, options);
  }
}
