import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/** What the compiler says of a file: its name, the line (from 1) and the message. */
export interface TypeCheckError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Checks the files of this folder by the options of the repository, in one program, and gives what is wrong. */
export async function typeCheck(
  folder: string,
  files: readonly string[],
): Promise<TypeCheckError[]> {
  // Not tsconfig.json, which Vite would read for the same files, also while it is being written.
  const project = join(folder, 'tsconfig.check.json');
  await writeFile(
    project,
    JSON.stringify({ extends: '../../../tsconfig.json', files, include: [] }),
  );
  const output = await new Promise<string>((resolve) => {
    // A process of its own, as the tests of a worker that is busy for long are given up.
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

/** An error as the compiler writes it: its place, if it has one, and its message, whose further lines are indented. */
const ERROR = /^(?:(.*)\((\d+),\d+\): )?error (TS\d+: .*(?:\n {2}.*)*)/gm;
