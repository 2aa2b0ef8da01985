import type { ServerResponse } from 'node:http';

/** The object that `@Res()` injects, on Express or on Fastify. */
export type PlatformResponse = ServerResponse | { hijack(): void; readonly raw: ServerResponse };

/** Returns Node's response for a handler that writes it directly. Hijacks the Fastify reply. */
export function rawResponse(response: PlatformResponse): ServerResponse {
  if ('hijack' in response) {
    response.hijack();
    return response.raw;
  }
  return response;
}
