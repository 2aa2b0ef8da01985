import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/** A compiler error: the file, the line (from 1) and the message. */
export interface TypeCheckError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Checks the files of this folder with the options of the repository, in one program. Returns the errors. */
export async function typeCheck(
  folder: string,
  files: readonly string[],
): Promise<TypeCheckError[]> {
  // Not tsconfig.json, which Vite would read for the same files, even while it is being written.
  const project = join(folder, 'tsconfig.check.json');
  await writeFile(
    project,
    JSON.stringify({ extends: '../../../tsconfig.json', files, include: [] }),
  );
  const output = await new Promise<string>((resolve) => {
    // A separate process, because a worker that is busy for a long time is killed.
    execFile(
      process.execPath,
      [tsc, '--project', project, '--noEmit', '--pretty', 'false'],
      (_, stdout) => resolve(stdout),
    );
  });
  return [...output.matchAll(ERROR)].map(([, file = '', line, message = '']) => ({
    file: basename(file),
    line: Number(line ?? 0),
    message,
  }));
}

/** An error of the compiler: its place, if it has one, and its message, whose further lines are indented. */
const ERROR = /^(?:(.*)\((\d+),\d+\): )?error (TS\d+: .*(?:\n {2}.*)*)/gm;
