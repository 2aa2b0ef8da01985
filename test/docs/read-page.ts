import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A block of code on a page. */
export interface Block {
  /** Where its code begins, e.g. `docs/reference/openapi.md:7`. */
  readonly place: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The code in the comment above it, which readers do not see. Undefined if there is none. */
  readonly around: string | undefined;
}

export interface Page {
  /** From the root of the repository, e.g. `docs/reference/openapi.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Reads a page of Markdown, whose blocks of code stand between fences at the start of a line. */
export async function readPage(root: string, path: string): Promise<Page> {
  const text = await readFile(join(root, path), 'utf8');
  return { path, text, blocks: [...blocksOf(path, text)] };
}

/** A comment that begins with `ts`, an empty line if there is one, and a fenced block. */
const BLOCK =
  /^(?:<!-- ts\n(?<around>[^]*?)\n-->\n+)?```(?<language>[^\n]*)\n(?<code>[^]*?)^```$/gm;

function* blocksOf(path: string, text: string): Generator<Block> {
  for (const match of text.matchAll(BLOCK)) {
    const { around, language = '', code = '' } = match.groups ?? {};
    const start = match.index + match[0].length - code.length - '```'.length;
    const line = text.slice(0, start).split('\n').length;
    yield { place: `${path}:${line}`, line, language, code, around };
  }
}
