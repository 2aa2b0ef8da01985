import { APIResponse } from './buffered/api-response.js';
import { HTMLResponse } from './buffered/html-response.js';
import { PlainTextResponse } from './buffered/plain-text-response.js';
import { essenceOf, suffixTypeOf } from './media-type.js';
import type { ResponseClass } from './representation.js';
import { isResponse } from './response.js';
import { NDJSONResponse } from './streaming/ndjson-response.js';
import { ServerSentEventResponse } from './streaming/server-sent-event-response.js';
import { isStreamingPrototype } from './streaming/streaming-response.js';

/** The response classes that every application has. */
const BUILT_IN: readonly ResponseClass[] = [
  APIResponse,
  HTMLResponse,
  PlainTextResponse,
  NDJSONResponse,
  ServerSentEventResponse,
];

/** Finds the response class for a media type: a registered one, otherwise a built-in one. */
export class Representations {
  readonly #classes = new Map<string, ResponseClass>();

  /** @throws TypeError for a registered class that cannot represent anything, or for two that share a media type */
  constructor(registered: readonly ResponseClass[] = []) {
    for (const responseClass of BUILT_IN) {
      this.#add(responseClass);
    }
    const owners = new Map<string, ResponseClass>();
    for (const responseClass of new Set(registered)) {
      check(responseClass);
      for (const mediaType of responseClass.mediaTypes ?? []) {
        const other = owners.get(essenceOf(mediaType));
        if (other && other !== responseClass) {
          throw new TypeError(
            `${other.name} and ${responseClass.name} both answer "${mediaType}". ` +
              'Remove one of them from the option "responses" of ResponsesModule.',
          );
        }
        owners.set(essenceOf(mediaType), responseClass);
      }
      this.#add(responseClass);
    }
  }

  /** Returns the class for a media type, or for the type of its suffix. Ignores parameters. */
  of(mediaType: string): ResponseClass | undefined {
    const essence = essenceOf(mediaType);
    return this.#classes.get(essence) ?? this.#classes.get(suffixTypeOf(essence) ?? '');
  }

  #add(responseClass: ResponseClass): void {
    for (const mediaType of responseClass.mediaTypes ?? []) {
      this.#classes.set(essenceOf(mediaType), responseClass);
    }
  }
}

/** The class that enforces a schema on what Nest writes itself. */
export const NATIVE: ResponseClass = APIResponse;

/** True if a class represents a source of items rather than a whole value. */
export function isStreaming(responseClass: ResponseClass): boolean {
  return isStreamingPrototype(responseClass.prototype);
}

function check(responseClass: ResponseClass): void {
  const { name, mediaTypes, prototype } = responseClass;
  const fail = (problem: string, cure: string): never => {
    throw new TypeError(
      `${name}, in the option "responses" of ResponsesModule, ${problem}. ${cure}`,
    );
  };
  if (!isResponse(prototype)) {
    fail('is not a response class', 'Extend BufferedResponse or StreamingResponse.');
  }
  if (!Array.isArray(mediaTypes) || mediaTypes.length === 0) {
    fail('names no media types', 'Add "static readonly mediaTypes = [...]".');
  }
  const wrong = mediaTypes?.find((mediaType) => !/^[^\s/;*]+\/[^\s/;*]+$/.test(mediaType));
  if (wrong !== undefined) {
    fail(
      `names "${wrong}", which is not a media type`,
      'Write it as "type/subtype", without parameters.',
    );
  }
  if (typeof responseClass.from !== 'function') {
    fail('cannot be created from a plain value', 'Add "static from(content, options)".');
  }
}
