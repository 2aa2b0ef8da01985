import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  EmptyResultSchema,
  LATEST_PROTOCOL_VERSION,
  McpError,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deferred } from '../support/deferred.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start } from '../support/platforms.js';
import { until } from '../support/turn.js';

type Sample = typeof import('../../sample/03-mcp/src/app.module.js');

// It uses a pipe of NestJS 12, and cannot be loaded on NestJS 11.
const { AppModule } = (
  isNest11 ? {} : await import('../../sample/03-mcp/src/app.module.js')
) as Sample;

const text = (line: string) => [{ type: 'text', text: line }];

describe.skipIf(isNest11).each(platforms)(
  'sample/03-mcp on $name, for the client of the MCP SDK',
  (platform) => {
    /** Connects a client; with the id of a session, to that one. */
    const connect = async (url: string, sessionId?: string) => {
      /** Each exchange, e.g. `GET 204`. */
      const exchanges: string[] = [];
      const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
        ...(sessionId !== undefined && { sessionId }),
        fetch: async (target, init) => {
          const response = await fetch(target, init);
          exchanges.push(`${init?.method} ${response.status}`);
          return response;
        },
      });
      const client = new Client({ name: 'test', version: '1.0.0' });
      onTestFinished(() => client.close());
      await client.connect(transport);
      return { client, transport, exchanges };
    };

    const startSample = () => start(platform, { responses: false, imports: [AppModule] });

    it('opens a session, in the newest revision, and listens to it', async () => {
      const { url } = await startSample();
      const { client, transport, exchanges } = await connect(url);
      expect(transport.protocolVersion).toBe(LATEST_PROTOCOL_VERSION);
      expect(transport.sessionId).toMatch(/^[\da-f-]{36}$/);
      expect(client.getServerVersion()?.name).toBe('nestjs-responses-sample');
      expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
      expect(await client.ping()).toEqual({});
      await until(() => exchanges.includes('GET 200'));
      expect(exchanges.filter((exchange) => exchange !== 'GET 200')).toEqual([
        'POST 200',
        'POST 202',
        'POST 200',
      ]);
    });

    it('lists the tools, and validates a result by the schema of its tool', async () => {
      const { client } = await connect((await startSample()).url);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(['add', 'count', 'teach']);
      expect(await client.callTool({ name: 'add', arguments: { a: 1.5, b: 2 } })).toEqual({
        content: text('3.5'),
        structuredContent: { sum: 3.5 },
      });
    });

    it('reports progress as it is made', async () => {
      const { client } = await connect((await startSample()).url);
      const steps: unknown[] = [];
      const result = await client.callTool(
        { name: 'count', arguments: { to: 4 } },
        CallToolResultSchema,
        { onprogress: (step) => steps.push(step) },
      );
      expect(steps).toEqual([1, 2, 3, 4].map((progress) => ({ progress, total: 4 })));
      expect(result).toEqual({ content: text('Counted to 4.') });
    });

    it('answers concurrent calls separately', async () => {
      const { client } = await connect((await startSample()).url);
      const calls = [5, 2, 3].map((to) => client.callTool({ name: 'count', arguments: { to } }));
      const results = await Promise.all(calls);
      expect(results.map(({ content }) => content)).toEqual(
        [5, 2, 3].map((to) => text(`Counted to ${to}.`)),
      );
    });

    it('resumes a call after its connection is lost, without lost or duplicate messages', async () => {
      const { url, app } = await startSample();
      const { client, exchanges } = await connect(url);
      client.onerror = () => undefined;
      await until(() => exchanges.includes('GET 200'));
      const steps: number[] = [];
      const result = await client.callTool(
        { name: 'count', arguments: { to: 30 } },
        CallToolResultSchema,
        {
          onprogress: ({ progress }) => {
            steps.push(progress);
            if (progress === 3) {
              app.getHttpServer().closeAllConnections();
            }
          },
        },
      );
      expect(steps).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(result).toEqual({ content: text('Counted to 30.') });
      // The session's own stream twice, and the rest of the call.
      await until(() => exchanges.filter((exchange) => exchange === 'GET 200').length === 3);
    });

    it('sends the rest of a call to a client that took over the session', async () => {
      const { url } = await startSample();
      const { client, transport } = await connect(url);
      const { sessionId } = transport;
      const token = deferred<string>();
      const request = { method: 'tools/call', params: { name: 'count', arguments: { to: 10 } } };
      const first = client.request(request, CallToolResultSchema, {
        onresumptiontoken: (id) => token.resolve(id),
      });
      const resumptionToken = await token.promise;
      const [error] = await Promise.all([first.catch((caught: unknown) => caught), client.close()]);
      expect(error).toBeInstanceOf(McpError);
      const other = await connect(url, sessionId);
      const result = await other.client.request(request, CallToolResultSchema, { resumptionToken });
      expect(result).toEqual({ content: text('Counted to 10.') });
    });

    it('stops a call that is cancelled, and does not answer it', async () => {
      const { client, exchanges } = await connect((await startSample()).url);
      const controller = new AbortController();
      const call = client.callTool(
        { name: 'count', arguments: { to: 100 } },
        CallToolResultSchema,
        {
          signal: controller.signal,
          onprogress: () => controller.abort(),
        },
      );
      await expect(call).rejects.toBeInstanceOf(McpError);
      // The client asks for the rest of the stream, of which there is none.
      await until(() => exchanges.includes('GET 204'));
    });

    it('announces a new tool by itself', async () => {
      const { client } = await connect((await startSample()).url);
      const changed = deferred();
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve());
      await client.callTool({ name: 'teach', arguments: { name: 'sit', says: 'It sits.' } });
      await changed.promise;
      expect((await client.listTools()).tools.at(-1)?.name).toBe('sit');
      expect(await client.callTool({ name: 'sit' })).toEqual({ content: text('It sits.') });
      const again = await client.callTool({ name: 'teach', arguments: { name: 'sit', says: '' } });
      expect(again).toEqual({ content: text('There is a tool "sit" already.'), isError: true });
    });

    it('keeps the tools of one client from another', async () => {
      const { url } = await startSample();
      const [one, other] = await Promise.all([connect(url), connect(url)]);
      await one.client.callTool({ name: 'teach', arguments: { name: 'sit', says: 'It sits.' } });
      expect((await other.client.listTools()).tools).toHaveLength(3);
    });

    it('reports the error of a request by its code', async () => {
      const { client } = await connect((await startSample()).url);
      await expect(client.request({ method: 'nope' }, EmptyResultSchema)).rejects.toMatchObject({
        code: -32601,
        message: expect.stringContaining('Method not found: nope'),
      });
      await expect(client.callTool({ name: 'nope' })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('Unknown tool: nope'),
      });
    });

    it('rejects a session that the client has ended', async () => {
      const { url } = await startSample();
      const { client, transport, exchanges } = await connect(url);
      const { sessionId } = transport;
      await transport.terminateSession();
      expect(exchanges.at(-1)).toBe('DELETE 204');
      expect(transport.sessionId).toBeUndefined();
      await expect(client.ping()).rejects.toMatchObject({ code: 400 });
      const other = await connect(url, sessionId);
      const error = await other.client.ping().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(StreamableHTTPError);
      expect(error).toMatchObject({ code: 404 });
    });
  },
);
