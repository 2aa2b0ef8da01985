import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('@nestjs/core/package.json') as {
  readonly version: string;
};

/** True on NestJS 11. Skip tests of features that only NestJS 12 has with `it.skipIf(isNest11)`. */
export const isNest11 = version.startsWith('11.');
