/**
 * A template name that is no file below the root: missing, or leading outside. `template` is the name asked for.
 *
 * @publicApi
 */
export class TemplateNotFoundError extends Error {
  static {
    // On the prototype, so that the stack of an error starts with it.
    this.prototype.name = 'TemplateNotFoundError';
  }

  constructor(
    readonly template: string,
    readonly root: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Template ${JSON.stringify(template)} was not found in ${root}: ${reason}`, options);
  }
}
