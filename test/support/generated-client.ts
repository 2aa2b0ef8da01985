import { createClient } from '@hey-api/openapi-ts';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generate } from 'orval';
import ts from 'typescript';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Creates a folder below `node_modules`, so that packages are found. Removed when the test is done. */
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(root, 'node_modules', '.generated-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

/** Generates a client of a document with `@hey-api/openapi-ts` and its default plugins. Returns its folder. */
export async function generateWithHeyAPI(document: object): Promise<string> {
  const folder = await createFolder();
  await createClient({
    input: document as never,
    output: { path: join(folder, 'client'), module: { extension: '.js' } } as never,
    plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
    logs: { level: 'silent', file: false },
  });
  return folder;
}

/** Generates a client of a document with `orval`, using `fetch()`. Returns its folder. */
export async function generateWithOrval(document: object, baseUrl: string): Promise<string> {
  const folder = await createFolder();
  await writeFile(join(folder, 'document.json'), JSON.stringify(document));
  await generate({
    input: { target: join(folder, 'document.json') },
    output: { target: join(folder, 'client.ts'), client: 'fetch', baseUrl, mode: 'single' },
  });
  return folder;
}

/** Compiles a program in the folder of a generated client. Returns the errors, and the URL of the output. */
export async function compileProgram(folder: string, text: string) {
  const path = join(folder, 'program.ts');
  await writeFile(path, text);
  // Lists each file, because the compiler emits nothing for files that it only finds below `node_modules`.
  const files = await readdir(folder, { recursive: true });
  const sources = files.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
  const program = ts.createProgram(sources, {
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: [],
  });
  const { diagnostics } = program.emit();
  const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(
    ({ messageText, file }) =>
      `${file?.fileName.slice(folder.length) ?? ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
  return { errors, url: pathToFileURL(path.replace(/\.ts$/, '.js')).href };
}
