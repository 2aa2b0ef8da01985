import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      'nestjs-responses/redis': fileURLToPath(
        new URL('./src/channels/redis/index.ts', import.meta.url),
      ),
      'nestjs-responses/testing': fileURLToPath(new URL('./src/testing/index.ts', import.meta.url)),
      'nestjs-responses': fileURLToPath(new URL('./src/index.ts', import.meta.url)),
    },
  },
  test: {
    include: ['{src,libs}/**/*.spec.ts', 'test/**/*.spec.ts', 'sample/**/*.spec.ts'],
    typecheck: { enabled: true, include: ['**/*.spec-d.ts'] },
    testTimeout: 30_000,
  },
});
