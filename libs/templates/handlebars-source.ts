import type { Tag } from './scan-tags.js';

/**
 * Rewrites a template's tags with Handlebars' own delimiters. Replaces literal text with blanks, because Handlebars
 * would interpret its braces and backslashes. Every tag keeps its line and column.
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

/** Returns the literal text before, between and after the tags, without empty parts: one for each content node. */
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
  // Handlebars requires the sigil next to the delimiter, but we allow space between them. After a line break there,
  // columns start at 1 again.
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
