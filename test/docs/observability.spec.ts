import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(fileURLToPath(new URL(path, root)), 'utf8');

describe('docs/guides/observability.md', () => {
  it.each(['prometheus', 'opentelemetry'])(
    'shows the recipe for %s as it is tested',
    async (name) => {
      const page = await read('docs/guides/observability.md');
      const recipe = await read(`test/recipes/${name}/stream-metrics.ts`);
      expect(page).toContain(`\`\`\`ts\n${recipe}\`\`\`\n`);
    },
  );
});
