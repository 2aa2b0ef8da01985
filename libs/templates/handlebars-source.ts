import type { Tag } from './scan-tags.js';

/**
 * Writes a template's tags with Handlebars' own delimiters and leaves the literal text blank, as Handlebars would
 * read braces and backslashes of it as its own. Every tag, and everything in it, keeps its line and column.
 */
export function toHandlebarsSource(text: string, tags: readonly Tag[]): string {
  let source = '';
  let literal = 0;
  for (const tag of tags) {
    source += blank(text.slice(literal, tag.start)) + openingOf(text, tag) + contentOf(text, tag);
    source += tag.strip.after ? ' ~}}' : ' }}';
    literal = tag.end;
  }
  return source + blank(text.slice(literal));
}

/** The literal text before, between and behind the tags, without the empty ones: one for each content node. */
export function literalsOf(text: string, tags: readonly Tag[]): string[] {
  const starts = [0, ...tags.map((tag) => tag.end)];
  const ends = [...tags.map((tag) => tag.start), text.length];
  return starts
    .map((start, index) => text.slice(start, ends[index]))
    .filter((literal) => literal !== '');
}

function openingOf(text: string, tag: Tag): string {
  const sigil = tag.kind === '*' ? '!' : tag.sigil;
  const opening = `{{${tag.strip.before ? '~' : ''}${sigil}`;
  const written = text.slice(tag.start, tag.content);
  // Handlebars wants the sigil at the delimiter, we let it stand apart: after a line break between them the
  // columns start anew.
  const lineBreak = written.search(/[\r\n]/);
  return lineBreak === -1
    ? opening.padEnd(written.length)
    : opening + blank(written.slice(lineBreak));
}

function contentOf(text: string, tag: Tag): string {
  const content = text.slice(tag.content, tag.closing);
  return tag.kind === '*' ? blank(content) : content;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
