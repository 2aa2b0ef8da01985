import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppModule } from '../../sample/01-responses/src/app.module.js';
import { setupOpenAPI } from '../../src/index.js';
import { documentOf } from '../support/openapi-documents.js';
import { platforms, start, type Platform } from '../support/platforms.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A program that calls the sample by what the generator made of its document. */
const client = `
import createClient from 'openapi-fetch';
import type { components, paths } from './paths.js';

export async function call(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  const greeting = await client.GET('/json');
  const message: string | undefined = greeting.data?.message;
  const text = await client.GET('/text', { parseAs: 'text' });
  const hello: string | undefined = text.data;
  const lines = await client.GET('/ndjson', { parseAs: 'text' });
  const squares = String(lines.data).trim().split('\\n')
    .map((line): components['schemas']['Square'] => JSON.parse(line));
  return { message, hello, sum: squares.reduce((sum, { square }) => sum + square, 0) };
}
`;

/** The types that a generator without `itemSchema` creates for streams before OpenAPI 3.2. */
const streamTypes = `
type Content<TPath extends keyof paths> = paths[TPath]['get'] extends
  { responses: { 200: { content: infer TContent } } } ? TContent[keyof TContent] : never;
export const line: Content<'/ndjson'> = [{ i: 1, square: 1 }];
export const tick: Content<'/sse'> = 1;
`;

const mistakes = `
export const wrong = [
  // @ts-expect-error -- there is no such route
  () => createClient<paths>({}).GET('/cats'),
  // @ts-expect-error -- a greeting has no such member
  async () => (await createClient<paths>({}).GET('/json')).data?.massage,
];
`;

const wrongStreams = `
// @ts-expect-error -- data of another type
export const tock: Content<'/sse'> = 'one';
// @ts-expect-error -- a square without its square
export const half: Content<'/ndjson'> = [{ i: 1 }];
`;

/** Compiles a program and returns the compiler's errors. */
async function compile(files: Readonly<Record<string, string>>) {
  // Below `node_modules`, as what it imports is found from there.
  const folder = await mkdtemp(join(root, 'node_modules', '.typed-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  const program = ts.createProgram([join(folder, 'client.ts')], {
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: [],
  });
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\\n'),
  );
  return { problems, module: pathToFileURL(join(folder, 'client.js')).href };
}

describe.each([
  { version: '3.1.1', program: client + streamTypes + mistakes + wrongStreams },
  { version: '3.2.0', program: client + mistakes },
])("a client generated from the sample's document of OpenAPI $version", ({ version, program }) => {
  it('compiles, and calls the running sample', async () => {
    const { url } = await start(platforms[0] as Platform, {
      responses: false,
      imports: [AppModule],
      configure: (app) => setupOpenAPI(app, { path: '/schema/', document: documentOf(version) }),
    });
    const paths = astToString(await openapiTS(new URL(`${url}/schema/`)));
    const { problems, module } = await compile({ 'paths.d.ts': paths, 'client.ts': program });
    expect(problems).toEqual([]);
    const { call } = (await import(/* @vite-ignore */ module)) as {
      call: (baseUrl: string) => Promise<unknown>;
    };
    expect(await call(url)).toEqual({ message: 'hello', hello: 'hello', sum: 40425 });
  });
});
