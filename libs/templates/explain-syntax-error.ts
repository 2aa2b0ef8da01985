import Handlebars from 'handlebars';
import type { Tag } from './scan-tags.js';
import { offsetAt, type TemplatePosition, type TemplateSource } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/**
 * Describes an error of Handlebars' parser in terms of the original template. Call it immediately, because it reads the
 * state of the parser.
 */
export function explainSyntaxError(
  source: TemplateSource,
  tags: readonly Tag[],
  cause: unknown,
): TemplateSyntaxError {
  return cause instanceof Handlebars.Exception
    ? refusal(source, tags, cause)
    : unexpectedToken(source, tags, cause);
}

/** Errors that Handlebars reports after parsing, e.g. a block that is closed with another name. */
function refusal(
  source: TemplateSource,
  tags: readonly Tag[],
  cause: Handlebars.Exception,
): TemplateSyntaxError {
  const reason = `${cause.message.replace(/ - \d+:\d+$/, '')}.`;
  if (cause.lineNumber !== undefined) {
    const position = { line: Number(cause.lineNumber), column: Number(cause.column) + 1 };
    return new TemplateSyntaxError(source.file, position, reason, { cause });
  }
  // An `else` in an inline partial is rejected without a place, after the partial's end has been read.
  const read = offsetAt(source.text, lexerPosition());
  const last = tags.findLast(({ start }) => start < read);
  return TemplateSyntaxError.at(source, last?.start ?? read, reason, { cause });
}

/** Errors of Handlebars' parser. Its message shows its own delimiters and no column, but its lexer knows the token. */
function unexpectedToken(
  source: TemplateSource,
  tags: readonly Tag[],
  cause: unknown,
): TemplateSyntaxError {
  const offset = offsetAt(source.text, lexerPosition());
  const tag = tags.find(({ start, end }) => start <= offset && offset < end);
  if (!tag) {
    const open = innermostOpenBlock(source.text, tags) ?? { start: offset, end: offset };
    const block = source.text.slice(open.start, open.end);
    return TemplateSyntaxError.at(source, open.start, `${block} is not closed.`, { cause });
  }
  if (offset === tag.start) {
    const text = source.text.slice(tag.start, tag.end);
    return TemplateSyntaxError.at(source, tag.start, `unexpected ${text}.`, { cause });
  }
  if (offset >= tag.closing) {
    return TemplateSyntaxError.at(source, tag.closing, `unexpected "${tag.kind}||".`, { cause });
  }
  const [word] = source.text.slice(offset, tag.closing).split(/\s/, 1);
  return TemplateSyntaxError.at(source, offset, `unexpected "${word}".`, { cause });
}

function innermostOpenBlock(text: string, tags: readonly Tag[]): Tag | undefined {
  const open: Tag[] = [];
  for (const tag of tags) {
    const isElse = text.slice(tag.content, tag.closing).trim() === '';
    if (tag.sigil.startsWith('#') || (tag.sigil === '^' && !isElse)) {
      open.push(tag);
    } else if (tag.sigil === '/') {
      open.pop();
    }
  }
  return open.at(-1);
}

/** The state of Handlebars' parser after an error. Missing in its typings. */
interface HandlebarsParser {
  readonly Parser: {
    readonly lexer: {
      readonly yylloc: { readonly first_line: number; readonly first_column: number };
    };
  };
}

function lexerPosition(): TemplatePosition {
  const { yylloc } = (Handlebars as unknown as HandlebarsParser).Parser.lexer;
  return { line: yylloc.first_line, column: yylloc.first_column + 1 };
}
