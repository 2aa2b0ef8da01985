import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { checkNestVersion, installedNestVersion } from './nest-version.js';

const require = createRequire(import.meta.url);

describe('checkNestVersion', () => {
  it.each(['11.1.0', '12.0.0', '12.5.1-next.1', undefined])('accepts %s', (version) => {
    expect(() => checkNestVersion(version)).not.toThrow();
  });

  it.each(['10.4.22', '13.0.0', '9.0.0'])('names both versions for NestJS %s', (version) => {
    expect(() => checkNestVersion(version)).toThrow(
      `nestjs-responses works with NestJS 11 and 12, but NestJS ${version} is installed.`,
    );
  });
});

describe('installedNestVersion', () => {
  it('reads the version of @nestjs/core', () => {
    const { version } = require('@nestjs/core/package.json') as { version: string };
    expect(installedNestVersion()).toBe(version);
  });
});
