import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MAX_WORDS, sentencesOf, wordsOf, wrongPhrasesIn } from './prose.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(pages)('The prose of %s', (path) => {
  const sentences = sentencesOf(readFileSync(join(root, path), 'utf8'));

  it(`has no sentence of more than ${MAX_WORDS} words`, () => {
    const long = sentences.filter(({ text }) => wordsOf(text) > MAX_WORDS);
    expect(long.map(({ line, text }) => `${path}:${line}: ${text}`)).toEqual([]);
  });

  it('has no phrase that reads as if translated', () => {
    const wrong = sentences.flatMap(({ line, text }) =>
      wrongPhrasesIn(text).map((better) => `${path}:${line}: ${text} (${better})`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('sentencesOf()', () => {
  it('finds sentences, items and cells with their lines, outside of code', () => {
    const page = [
      '# A *title*',
      '',
      'One, e.g. this. Two goes',
      'on `a. B` here! See [three. Four](x.md).',
      '- An item',
      '  of two lines.',
      '',
      '| a cell | another |',
      '| ------ | ------- |',
      '',
      '<!-- ts',
      'hidden.',
      '-->',
      '```ts',
      'code. More code.',
      '```',
      'Last.',
    ].join('\n');
    expect(sentencesOf(page)).toEqual([
      { line: 1, text: 'A *title*' },
      { line: 3, text: 'One, eg this.' },
      { line: 3, text: 'Two goes on CODE here!' },
      { line: 4, text: 'See three.' },
      { line: 4, text: 'Four.' },
      { line: 5, text: 'An item of two lines.' },
      { line: 8, text: 'a cell' },
      { line: 8, text: 'another' },
      { line: 17, text: 'Last.' },
    ]);
  });

  it('counts inline code as one word', () => {
    expect(wordsOf('Returns CODE as a 404.')).toBe(5);
  });
});

describe('wrongPhrasesIn()', () => {
  it.each([
    'Whether a source that can wait may produce its next item.',
    'Has a body ended when the application shuts down, at once if it already does.',
    'Imported once, in the root module, it is of effect in the whole application.',
    'A slow client is no such one, see how it is told.',
    'What does not conform is refused, as is CODE where a number is declared.',
    'See it run (Node 20.19 or later is all it needs).',
    'It never changes, and is encoded once, however many clients it is sent to.',
    'Gives the stand-in all that Nest, swagger and others know the handler by.',
    'Have two tests bear what newer versions of Node do',
    'told of once that was for as long as it may be',
  ])('finds one in "%s"', (sentence) => {
    expect(wrongPhrasesIn(sentence)).not.toEqual([]);
  });

  it.each([
    'True if the source may produce its next item now.',
    'Import it once, in the root module.',
    'There is no limit, and the value is no longer sent.',
    'What is the status?',
    'It is sent as soon as it is produced.',
  ])('finds none in "%s"', (sentence) => {
    expect(wrongPhrasesIn(sentence)).toEqual([]);
  });
});
