/** A sentence of a page, and the line it begins in. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
}

/** The longest sentence that a page may have, in words. */
export const MAX_WORDS = 35;

/**
 * Phrases that read as if translated, with the words to use instead. They are matched in prose, outside of code, without
 * regard to case.
 */
export const WRONG_PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:is|are|be|be of|has|have|was) of effect\b/, 'applies to'],
  [/\bof effect\b/, 'applies to'],
  [/\bis told of\b|\bare told of\b|\btold of\b/, '"receives", or "is described in"'],
  [/\bthe other side\b/, 'the client, the server'],
  [/\bwhat is declared\b/, 'the schema, the declared type'],
  [/\bis asked by\b/, 'calls, requests'],
  [/\bwhat stands against\b/, 'the reason against'],
  [/\bone that is none\b|\bthat is none\b|\bis none\b/, 'is not a ...'],
  [/\bno such one\b/, 'is not'],
  [/\bwhat does not conform\b/, 'values that do not match the schema'],
  [/\bis all it needs\b|\bis all that is needed\b/, 'requires'],
  [/\bfor good\b/, 'permanently'],
  [/\bin vain\b/, 'without effect'],
  [/\banew\b/, 'again'],
  [/\bbears?\b/, 'supports, tolerates'],
  [/\b(?:lets?|letting) go\b/, 'closes, releases'],
  [/\bsays? no goodbye\b/, 'disconnects without closing the connection'],
  [/\bknows? nothing of\b/, 'does not import, does not depend on'],
  [/\b(?<!there )(?:is|are) no (?!longer|more)[a-z]+\b/, 'is not a ...'],
  [/\bthat which\b/, 'name the thing'],
  [/\bas ever\b/, 'as usual'],
  [/\bstands? for itself\b|\bby itself\b/, 'alone, automatically'],
  [/\bwhoever\b/, 'the client that, the code that'],
  [/\bunless told otherwise\b/, 'by default'],
  [/(?<!soon )\bas it is\b/, 'unchanged'],
  [/\blet\b.*\bbe tried\b/, 'try'],
  [/\bhowever many\b/, 'for any number of'],
  [/\bat once if it already does\b/, 'immediately if'],
  [/\bstand-ins?\b/, 'wrapper'],
  [/\bsee it run\b/, 'run'],
  [/\bhow it is told\b/, 'how it is detected'],
];

/** Wrong beginnings of a sentence. */
export const WRONG_BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^whether\b/i, 'Start with the thing: "True if ..."'],
  [/^what(?:\s+[^\s?]+){3,}$/i, 'Start with the thing'],
];

const FENCED = /^```[^]*?^```$/gm;
const COMMENT = /<!--[^]*?-->/g;
/** Replaces a match by its line breaks, so that lines keep their numbers. */
const blank = (match: string) => match.replaceAll(/[^\n]/g, '');

/** Lists the wrong phrases of a sentence, with the words to use instead. */
export function wrongPhrasesIn(sentence: string): string[] {
  return [...WRONG_PHRASES, ...WRONG_BEGINNINGS]
    .filter(([phrase]) => new RegExp(phrase, 'i').test(sentence))
    .map(([, better]) => better);
}

/** The prose of a page: without code, comments and the targets of links. Inline code counts as one word. */
export function sentencesOf(markdown: string): Sentence[] {
  const prose = markdown
    .replace(/^---\n[^]*?\n---\n/, blank)
    .replaceAll(COMMENT, blank)
    .replaceAll(FENCED, blank)
    .replaceAll(/`[^`]+`/g, (code) => `CODE${blank(code)}`)
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>\s]+>/g, 'URL')
    .replaceAll(/\b(?:e\.g|i\.e|etc|vs)\./g, (text) => text.replaceAll('.', ''));
  return [...blocksOf(prose)].flatMap(({ line, text }) => {
    let at = line;
    return text.split(/(?<=[.!?][)"”]?)\s(?=\s*[A-Z"“(`\d])/).map((part) => {
      const sentence = { line: at + leadingLines(part), text: part.replaceAll(/\s+/g, ' ').trim() };
      at += part.split('\n').length - 1;
      return sentence;
    });
  });
}

export function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function leadingLines(text: string): number {
  return (/^\s*/.exec(text)?.[0] ?? '').split('\n').length - 1;
}

/** Paragraphs, headings, list items and cells of tables, one at a time. */
function* blocksOf(prose: string): Generator<Sentence> {
  let block: { line: number; lines: string[] } | undefined;
  const flush = function* (): Generator<Sentence> {
    if (block) {
      yield { line: block.line, text: block.lines.join('\n') };
    }
    block = undefined;
  };
  for (const [i, content] of prose.split('\n').entries()) {
    const line = i + 1;
    if (/^\s*\|/.test(content)) {
      yield* flush();
      for (const cell of content.split(/(?<!\\)\|/)) {
        if (/[\p{L}\p{N}]/u.test(cell)) {
          yield { line, text: cell.trim() };
        }
      }
    } else if (content.trim() === '' || content.startsWith('#')) {
      yield* flush();
      if (content.trim() !== '') {
        yield { line, text: content.replace(/^#+ /, '') };
      }
    } else {
      const item = /^\s*(?:[-*]|\d+\.) (.*)$/.exec(content);
      if (item) {
        yield* flush();
      }
      block ??= { line, lines: [] };
      block.lines.push(item?.[1] ?? content);
    }
  }
  yield* flush();
}
