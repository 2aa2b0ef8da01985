import type { ServerResponse } from 'node:http';

/** What `@Res()` injects on Express, or on Fastify. */
export type PlatformResponse = ServerResponse | { hijack(): void; readonly raw: ServerResponse };

/** Node's own response, which a handler writes by hand; Fastify steps aside. */
export function rawResponse(response: PlatformResponse): ServerResponse {
  if ('hijack' in response) {
    response.hijack();
    return response.raw;
  }
  return response;
}
