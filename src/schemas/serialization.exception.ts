import type { Violation } from './violation.js';

const MAX_VIOLATIONS_TOLD = 20;

/**
 * Thrown if content does not match its declaration. This is a mistake of the server, and therefore a 500. Nest and
 * `APIErrorFilter` handle it like any unexpected error and log its message: the place, the declared type, and up to 20
 * violations with their paths. It contains no part of the value.
 *
 * @publicApi
 */
export class SerializationException extends Error {
  /** The name of this error in logs. */
  override readonly name = 'SerializationException';

  // Private, because a logger that inspects an error would repeat its fields after the message.
  readonly #type: string;
  readonly #violations: readonly Violation[];

  /**
   * @param type the declared type, e.g. `Puppy[]`
   * @param violations all violations, in the order of the value
   * @param place the route and status of the response, e.g. `GET /puppies, status 200`
   */
  constructor(type: string, violations: readonly Violation[], place?: string) {
    super(describe(type, violations, place));
    this.#type = type;
    this.#violations = violations;
  }

  /** The declared type that the value does not match. */
  get type(): string {
    return this.#type;
  }

  /** All violations, including those beyond the 20 that the message lists. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Returns the same error with the place where it happened. */
  at(place: string): SerializationException {
    return new SerializationException(this.#type, this.#violations, place);
  }
}

function describe(type: string, violations: readonly Violation[], place?: string): string {
  const told = violations.slice(0, MAX_VIOLATIONS_TOLD);
  const more = violations.length - told.length;
  const content = place === undefined ? 'The content' : `${place}: the content`;
  return [
    `${content} does not conform to ${type}. Send what is declared, or declare what is sent:`,
    ...told.map(({ path, message }) => `  ${path} ${message}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
