import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const docs = new URL('../', import.meta.url);

/** The title of a page: its first heading, without markup. */
function titleOf(path) {
  const [, title] = /^# (.*)$/m.exec(readFileSync(new URL(path, docs), 'utf8')) ?? [];
  return title.replaceAll('`', '');
}

/** The pages of a folder, listed pages first, then the others by title. */
function pagesOf(folder, first = []) {
  const names = readdirSync(new URL(`${folder}/`, docs))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));
  const rankOf = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  return names
    .map((name) => ({ name, text: titleOf(`${folder}/${name}.md`), link: `/${folder}/${name}` }))
    .toSorted((a, b) => rankOf(a.name) - rankOf(b.name) || a.text.localeCompare(b.text))
    .map(({ text, link }) => ({ text, link }));
}

/** Shows links that leave `docs/` as text: the site does not contain those files. */
function unlinkOutside(md) {
  md.core.ruler.push('unlink-outside', ({ tokens, env }) => {
    for (const { children } of tokens) {
      const open = [];
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const href = token.attrGet('href') ?? '';
          const page = posix.join(posix.dirname(env.relativePath ?? ''), href);
          open.push(!/^[a-z]+:/.test(href) && page.startsWith('..'));
        }
        if (
          (token.type === 'link_open' && open.at(-1)) ||
          (token.type === 'link_close' && open.pop())
        ) {
          token.type = 'text';
          token.tag = '';
          token.content = '';
        }
      }
    }
  });
}

export default defineConfig({
  title: 'nestjs-responses',
  description: 'Typed responses for NestJS, buffered or streamed, documented by their decorators.',
  lang: 'en',
  // Without one, browsers request /favicon.ico.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  outDir: fileURLToPath(new URL('../dist/docs', docs)),
  cacheDir: fileURLToPath(new URL('../node_modules/.cache/vitepress', docs)),
  cleanUrls: true,
  rewrites: { 'README.md': 'index.md' },
  markdown: { config: unlinkOutside },
  ignoreDeadLinks: 'localhostLinks',
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/tutorial/stream-your-first-events' },
      { text: 'Guides', link: '/guides/llm-answer', activeMatch: '/guides/' },
      { text: 'Reference', link: '/reference/module', activeMatch: '/reference/' },
      { text: 'Explanation', link: '/explanation/mapping', activeMatch: '/explanation/' },
      // TypeDoc writes these pages beside those of the site.
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
    sidebar: [
      { text: 'Tutorial', items: pagesOf('tutorial') },
      {
        text: 'Guides',
        items: pagesOf('guides', ['llm-answer', 'resuming', 'event-channels', 'representations']),
      },
      {
        text: 'Reference',
        items: pagesOf('reference', ['module', 'response', 'streaming', 'schemas', 'openapi']),
      },
      {
        text: 'Explanation',
        items: pagesOf('explanation', [
          'mapping',
          'slow-clients',
          'channel-guarantees',
          'nest-alone',
        ]),
      },
    ],
  },
});
