/** A template as written. */
export interface TemplateSource {
  /** Where it comes from, as messages name it: the absolute path of a file, or the option that holds it. */
  readonly file: string;
  /** All of it. */
  readonly text: string;
}

/** A place in a template: line and column count from 1, a column is one UTF-16 unit, as editors count. */
export interface TemplatePosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

const LINE_BREAK = /\r\n?|\n/g;

/** The line and column of an offset into `text`. Lines end at CRLF, LF or CR. */
export function positionAt(text: string, offset: number): TemplatePosition {
  let line = 1;
  let lineStart = 0;
  for (const lineBreak of text.slice(0, offset).matchAll(LINE_BREAK)) {
    line += 1;
    lineStart = lineBreak.index + lineBreak[0].length;
  }
  return { line, column: offset - lineStart + 1 };
}

/** The offset of a line and column: the inverse of {@link positionAt}. */
export function offsetAt(text: string, { line, column }: TemplatePosition): number {
  let lineStart = 0;
  let remaining = line - 1;
  for (const lineBreak of text.matchAll(LINE_BREAK)) {
    if (remaining === 0) {
      break;
    }
    remaining -= 1;
    lineStart = lineBreak.index + lineBreak[0].length;
  }
  return lineStart + column - 1;
}
