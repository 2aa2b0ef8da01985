/**
 * Thrown for a template name that is not a file below the root: missing, or outside.
 *
 * @publicApi
 */
export class TemplateNotFoundError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateNotFoundError';
  }

  constructor(
    /** The requested name. */
    readonly template: string,
    /** The directory of all templates, an absolute path. */
    readonly root: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Template ${JSON.stringify(template)} was not found in ${root}: ${reason}`, options);
  }
}
