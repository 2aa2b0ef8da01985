import type { TemplateSource } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

/** `@` is a value, `%` a block, partial or else, `*` a comment. */
export type TagKind = '@' | '%' | '*';

/**
 * One tag of a template. Offsets count UTF-16 units from the start of the text:
 *
 *     ||%~ #each items ~%||
 *     ^start    ^content  ^end (of "%||")
 *                     ^closing (the "~", or the delimiter where there is none)
 */
export interface Tag {
  readonly kind: TagKind;
  readonly start: number;
  readonly content: number;
  readonly closing: number;
  readonly end: number;
  /** `&` of an unescaped value; `#`, `#>`, `#*`, `/`, `>` or `^` of a block or partial. Empty otherwise. */
  readonly sigil: string;
  /** True if `~` removes the white space before or after the tag. */
  readonly strip: { readonly before: boolean; readonly after: boolean };
}

const DELIMITER = /\|\|([@%*])/g;

/** Matches the text after each delimiter: the flag that removes white space, and the sigil. */
const OPENING: Record<TagKind, RegExp> = {
  '@': /(~?)\s*(&?)/y,
  '%': /(~?)\s*(#[>*]?|[/>^]|(?=else\b))/y,
  '*': /(~?)/y,
};

/**
 * Matches the end of the plain part of an expression: a literal, a brace that Handlebars would interpret, a delimiter.
 */
const NOTABLE = /["'[]|[{}]|[@%]?\|\|/g;

const CLOSING_QUOTE: Record<string, string> = { '"': '"', "'": "'", '[': ']' };

/**
 * Returns the tags of a template in order. All text between them is literal, including closing delimiters without a
 * tag.
 *
 * @throws TemplateSyntaxError for a tag that is not closed or of an unknown kind
 */
export function scanTags(source: TemplateSource): Tag[] {
  const tags: Tag[] = [];
  let position = 0;
  for (;;) {
    DELIMITER.lastIndex = position;
    const delimiter = DELIMITER.exec(source.text);
    if (!delimiter) {
      return tags;
    }
    const tag = scanTag(source, delimiter.index, delimiter[1] as TagKind);
    tags.push(tag);
    position = tag.end;
  }
}

function scanTag(source: TemplateSource, start: number, kind: TagKind): Tag {
  const { text } = source;
  const opening = OPENING[kind];
  opening.lastIndex = start + kind.length + 2;
  const flags = opening.exec(text);
  if (!flags) {
    throw TemplateSyntaxError.at(
      source,
      start,
      'after "||%" comes "#" with the name of a block, "/", "^", ">" or "else". Write a value as "||@ name @||".',
    );
  }
  const [{ length }, before, sigil = ''] = flags;
  const content = flags.index + length;
  if (kind === '@' && sigil === '' && /^else\b/.test(text.slice(content, content + 5))) {
    throw TemplateSyntaxError.at(
      source,
      start,
      '"else" is not a value. Write the other branch of a block as "||% else %||", or a value of that name as "||@ [else] @||".',
    );
  }
  const delimiter =
    kind === '*' ? text.indexOf('*||', content) : findClosing(source, content, kind);
  if (delimiter === -1) {
    throw TemplateSyntaxError.at(
      source,
      start,
      `"||${kind}" is not closed. Close it with "${kind}||".`,
    );
  }
  const after = delimiter > content && text[delimiter - 1] === '~';
  return {
    kind,
    start,
    content,
    closing: after ? delimiter - 1 : delimiter,
    end: delimiter + kind.length + 2,
    sigil,
    strip: { before: before === '~', after },
  };
}

/**
 * Returns the offset of the delimiter that closes a tag. Ignores delimiters within literals. Returns -1 if there is
 * none.
 */
function findClosing(source: TemplateSource, content: number, kind: TagKind): number {
  const { text } = source;
  NOTABLE.lastIndex = content;
  for (let notable = NOTABLE.exec(text); notable; notable = NOTABLE.exec(text)) {
    const [found] = notable;
    const quote = CLOSING_QUOTE[found];
    if (quote) {
      const end = endOfLiteral(text, notable.index, quote);
      if (end === -1) {
        throw TemplateSyntaxError.at(source, notable.index, `${found} is not closed.`);
      }
      NOTABLE.lastIndex = end;
    } else if (found === '{' || found === '}') {
      throw TemplateSyntaxError.at(source, notable.index, `unexpected "${found}".`);
    } else {
      return found === `${kind}||` ? notable.index : -1;
    }
  }
  return -1;
}

/** Returns the offset after a string or `[segment]`. A backslash escapes the closing quote. */
function endOfLiteral(text: string, start: number, quote: string): number {
  for (let end = text.indexOf(quote, start + 1); end !== -1; end = text.indexOf(quote, end + 1)) {
    if (text[end - 1] !== '\\') {
      return end + 1;
    }
  }
  return -1;
}
