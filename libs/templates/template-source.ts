/** The source of a template. */
export interface TemplateSource {
  /** The origin in messages: the absolute path of a file, or the option that contains it. */
  readonly file: string;
  /** The whole text. */
  readonly text: string;
}

/** A place in a template. Line and column start at 1. A column is one UTF-16 code unit, as in editors. */
export interface TemplatePosition {
  /** Starts at 1. */
  readonly line: number;
  /** Starts at 1, in UTF-16 code units. */
  readonly column: number;
}

const LINE_BREAK = /\r\n?|\n/g;

/** Returns the line and column of an offset in `text`. Lines end at CRLF, LF or CR. */
export function positionAt(text: string, offset: number): TemplatePosition {
  let line = 1;
  let lineStart = 0;
  for (const lineBreak of text.slice(0, offset).matchAll(LINE_BREAK)) {
    line += 1;
    lineStart = lineBreak.index + lineBreak[0].length;
  }
  return { line, column: offset - lineStart + 1 };
}

/** Returns the offset of a line and column: the inverse of {@link positionAt}. */
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
