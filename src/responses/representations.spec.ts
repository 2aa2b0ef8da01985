import { describe, expect, it } from 'vitest';
import { APIResponse } from './buffered/api-response.js';
import { BufferedResponse } from './buffered/buffered-response.js';
import { PlainTextResponse } from './buffered/plain-text-response.js';
import type { ResponseClass } from './representation.js';
import { isStreaming, Representations } from './representations.js';
import { NDJSONResponse } from './streaming/ndjson-response.js';
import { ServerSentEventResponse } from './streaming/server-sent-event-response.js';

class PackedResponse extends BufferedResponse {
  static readonly mediaTypes: readonly string[] = ['application/msgpack'];

  static from(content: unknown): PackedResponse {
    return new this(content);
  }

  render(): string {
    return '';
  }
}

class TextResponse extends PackedResponse {
  static override readonly mediaTypes = ['TEXT/Plain'];
}

class OtherResponse extends PackedResponse {}

describe('Representations', () => {
  it.each<[mediaType: string, found: ResponseClass | undefined]>([
    ['application/json', APIResponse],
    ['Application/JSON; charset=utf-8', APIResponse],
    ['application/geo+json', APIResponse],
    ['application/jsonl', NDJSONResponse],
    ['text/event-stream', ServerSentEventResponse],
    ['text/plain', TextResponse],
    ['application/msgpack', PackedResponse],
    ['application/vnd.acme+msgpack', PackedResponse],
    ['image/svg+xml', undefined],
    ['', undefined],
    ['json', undefined],
  ])('finds the class for %j', (mediaType, found) => {
    expect(new Representations([PackedResponse, TextResponse]).of(mediaType)).toBe(found);
  });

  it('finds built-in classes if none is registered', () => {
    expect(new Representations().of('text/plain')).toBe(PlainTextResponse);
  });

  it('accepts a class that is registered twice', () => {
    expect(() => new Representations([PackedResponse, PackedResponse])).not.toThrow();
  });

  it.each<[string, unknown[], string]>([
    [
      'two classes for one media type',
      [PackedResponse, OtherResponse],
      'PackedResponse and OtherResponse both answer "application/msgpack". ',
    ],
    [
      'a class that is not a response',
      [Date],
      'Date, in the option "responses" of ResponsesModule, is not a response class',
    ],
    [
      'a class without media types',
      [
        class Bare extends OtherResponse {
          static override readonly mediaTypes = [];
        },
      ],
      'Bare, in the option "responses" of ResponsesModule, names no media types',
    ],
    [
      'an invalid media type',
      [
        class Wrong extends OtherResponse {
          static override readonly mediaTypes = ['csv'];
        },
      ],
      'names "csv", which is not a media type',
    ],
    [
      'a class without from()',
      [
        class Closed extends BufferedResponse {
          static readonly mediaTypes = ['text/csv'];

          render(): string {
            return '';
          }
        },
      ],
      'Closed, in the option "responses" of ResponsesModule, cannot be created from a plain value',
    ],
  ])('throws for %s', (_, classes, message) => {
    expect(() => new Representations(classes as ResponseClass[])).toThrow(message);
  });
});

describe('isStreaming', () => {
  it.each<[ResponseClass, boolean]>([
    [NDJSONResponse, true],
    [ServerSentEventResponse, true],
    [APIResponse, false],
    [PackedResponse, false],
  ])('%o is %s', (responseClass, expected) => {
    expect(isStreaming(responseClass)).toBe(expected);
  });
});
