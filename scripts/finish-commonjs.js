/**
 * Completes the CommonJS build: writes the module type of its folder, and replaces the one `import.meta` of the
 * sources.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../dist/cjs/', import.meta.url));

writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ type: 'commonjs' }, null, 2)}\n`);
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  const file = join(folder, name);
  if (name.endsWith('.js')) {
    const source = readFileSync(file, 'utf8');
    if (source.includes('import.meta.url')) {
      writeFileSync(file, source.replaceAll('import.meta.url', '__filename'));
    }
  }
}
