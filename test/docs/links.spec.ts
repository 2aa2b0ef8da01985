import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Pages in the root, and all of `docs/`, by their path from the root. */
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: withoutCode(readFileSync(join(root, path), 'utf8')) }));

/** The headings of all pages, as links name them, e.g. `docs/guides/testing.md#what-they-read`. */
const headings = new Set(
  pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `${path}#${slugOf(heading)}`),
  ),
);

it.each(pages)('Links of $path lead to files and headings that exist', ({ path, text }) => {
  const missing = linksOf(path, text).filter(
    (link) => !(link.includes('#') ? headings.has(link) : existsSync(join(root, link))),
  );
  expect(missing).toEqual([]);
});

it.each(pages.filter(({ path }) => path.startsWith('docs/')))(
  'docs/README.md leads to $path',
  ({ path }) => {
    const index = pages.find((page) => page.path === 'docs/README.md');
    const linked = linksOf('docs/README.md', index?.text ?? '');
    expect(path === 'docs/README.md' || linked.includes(path)).toBe(true);
  },
);

/** Links to files of the repository, and to headings of pages, by their path from the root. Images are included. */
function linksOf(page: string, text: string): string[] {
  const targets = [
    ...text.matchAll(/\]\((?![a-z]+:)([^)\s]*)\)/g),
    ...text.matchAll(/ (?:src|srcset)="(?![a-z]+:)([^"]*)"/g),
  ];
  return targets.map(([, link = '']) =>
    link.startsWith('#') ? `${page}${link}` : posix.join(posix.dirname(page), link),
  );
}

/** How a link names a heading: its words in lower case, with hyphens between them. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}
