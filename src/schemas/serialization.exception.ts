import type { Violation } from './violation.js';

const MAX_VIOLATIONS_TOLD = 20;

/**
 * What was to be sent is not what the route declares: the server's mistake, and so a 500. Nest and `APIErrorFilter`
 * answer it as any unexpected error, telling the client nothing, and log its message: the place, the declared type and
 * up to 20 violations, each by its path. No part of the value is in it.
 *
 * @publicApi
 */
export class SerializationException extends Error {
  override readonly name = 'SerializationException';

  readonly #type: string;
  readonly #violations: readonly Violation[];

  /**
   * @param type the declared type, e.g. `Puppy[]`
   * @param violations all of them, in the order of the value
   * @param place where the value was to be sent, e.g. `GET /puppies, status 200`
   */
  constructor(type: string, violations: readonly Violation[], place?: string) {
    super(describe(type, violations, place));
    this.#type = type;
    this.#violations = violations;
  }

  /** The declared type that the value does not conform to. */
  get type(): string {
    return this.#type;
  }

  /** Everything that does not conform, where the message stops after 20. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** The same failure, told with the place where it happened. */
  at(place: string): SerializationException {
    return new SerializationException(this.#type, this.#violations, place);
  }
}

function describe(type: string, violations: readonly Violation[], place?: string): string {
  const told = violations
    .slice(0, MAX_VIOLATIONS_TOLD)
    .map(({ path, message }) => `\n  ${path} ${message}`);
  const more = violations.length - told.length;
  return `${place === undefined ? '' : `${place}: `}the value does not conform to ${type}:${told.join('')}${
    more > 0 ? `\n  and ${more} more` : ''
  }`;
}
