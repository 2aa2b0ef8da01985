import { Controller, Get } from '@nestjs/common';
import { of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ApiServerSentEventResponse, ApiStreamResponse, ServerSentEvent } from '../../src/index.js';
import { Tick } from '../support/openapi-application.js';
import { platforms, start } from '../support/platforms.js';
import { send } from '../support/send.js';

@Controller()
class StreamsController {
  @Get('ticks')
  @ApiStreamResponse({ type: Tick })
  ticks(): Observable<Tick> {
    return of({ i: 0 }, { i: 1 });
  }

  @Get('named')
  @ApiServerSentEventResponse({ events: { text: String, day: Date, count: Number } })
  named(): Observable<
    | ServerSentEvent<string, 'text'>
    | ServerSentEvent<Date, 'day'>
    | ServerSentEvent<number, 'count'>
  > {
    return of(
      new ServerSentEvent({ event: 'text', data: 'hello' }),
      new ServerSentEvent({ event: 'day', data: new Date(0) }),
      new ServerSentEvent({ event: 'count', data: 1 }),
    );
  }
}

describe.each(platforms)('a stream declared in two formats on $name', (platform) => {
  const lines = '{"i":0}\n{"i":1}\n';
  const events = 'data: {"i":0}\n\ndata: {"i":1}\n\n';

  it.each([
    ['curl', '*/*', 'application/x-ndjson', lines],
    ['an EventSource', 'text/event-stream', 'text/event-stream', events],
    ['a client of lines', 'application/x-ndjson', 'application/x-ndjson', lines],
    ['a client of either', 'text/event-stream, */*;q=0.1', 'text/event-stream', events],
    ['a client that says nothing', undefined, 'application/x-ndjson', lines],
  ])('is sent to %s as requested by Accept: %s', async (_client, accept, mediaType, body) => {
    const { url } = await start(platform, { controllers: [StreamsController] });
    const answer = await send(`${url}/ticks`, { headers: accept ? { accept } : {} });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(mediaType);
    expect(answer.headers['vary']).toContain('Accept');
    expect(answer.body).toBe(body);
  });

  it('responds with 406 to a client that accepts neither', async () => {
    const { url } = await start(platform, { controllers: [StreamsController] });
    const { status } = await send(`${url}/ticks`, { headers: { accept: 'text/html' } });
    expect(status).toBe(406);
  });
});

describe.each(platforms)('the data of events on $name', (platform) => {
  it('is sent as documented: text as is, anything else as JSON', async () => {
    const { url } = await start(platform, { controllers: [StreamsController] });
    const { body } = await send(`${url}/named`);
    expect(body).toBe(
      'event: text\ndata: hello\n\n' +
        'event: day\ndata: 1970-01-01T00:00:00.000Z\n\n' +
        'event: count\ndata: 1\n\n',
    );
  });
});
