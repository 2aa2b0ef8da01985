import type { IncomingMessage } from 'node:http';
import type { LightMyRequestResponse } from 'fastify';
import type { Response as SupertestResponse } from 'supertest';
import { expectTypeOf, it } from 'vitest';
import type { NDJSONResponse } from '../../src/index.js';
import { collectEvents, collectNDJSON, type CollectedEvent } from '../../src/testing/index.js';

interface Square {
  readonly i: number;
}

declare const fetched: globalThis.Response;
declare const injected: LightMyRequestResponse;
declare const tested: SupertestResponse;
declare const message: IncomingMessage;
declare const response: NDJSONResponse<Square>;

it('accepts any response of a test', () => {
  expectTypeOf(collectNDJSON(fetched)).resolves.toEqualTypeOf<unknown[]>();
  expectTypeOf(collectNDJSON(injected)).resolves.toEqualTypeOf<unknown[]>();
  expectTypeOf(collectNDJSON(tested)).resolves.toEqualTypeOf<unknown[]>();
  expectTypeOf(collectNDJSON(message)).resolves.toEqualTypeOf<unknown[]>();
  expectTypeOf(collectNDJSON(response)).resolves.toEqualTypeOf<unknown[]>();
});

it('returns the given type', () => {
  expectTypeOf(collectNDJSON<Square>(fetched)).resolves.toEqualTypeOf<Square[]>();
  expectTypeOf(collectEvents<Square>(fetched)).resolves.toEqualTypeOf<CollectedEvent<Square>[]>();
  expectTypeOf(collectEvents(fetched, { data: 'text' })).resolves.toEqualTypeOf<
    CollectedEvent<string>[]
  >();
});

it('rejects promises and bodies', () => {
  // @ts-expect-error -- a promise of a response is awaited first
  expectTypeOf(collectNDJSON(fetch('http://localhost/'))).resolves.toBeArray();
  // @ts-expect-error -- a body alone tells neither its media type nor its status
  expectTypeOf(collectEvents('data: 1\n\n')).resolves.toBeArray();
});
