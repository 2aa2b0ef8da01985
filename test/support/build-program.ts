import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A program of this repository, built to a file that Node runs, for tests that need a separate process. */
export interface BuiltProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Builds a program from its TypeScript entry, given by its path from the root of the repository. */
export async function buildProgram(entry: string): Promise<BuiltProgram> {
  // Below `node_modules`, so that its imports are resolved from there.
  const outDir = await mkdtemp(join(root, 'node_modules', '.program-'));
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: {
      alias: {
        'nestjs-responses/redis': join(root, 'src/channels/redis/index.ts'),
        'nestjs-responses': join(root, 'src/index.ts'),
      },
    },
    build: { ssr: entry, outDir, rolldownOptions: { output: { entryFileNames: 'main.js' } } },
  });
  return {
    file: join(outDir, 'main.js'),
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
