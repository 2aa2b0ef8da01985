import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as ours from './nest-metadata.js';

const require = createRequire(import.meta.url);

/** Nest's own names: NestJS 12 exports them from one path, NestJS 11 from two. */
function installed(): Record<string, unknown> {
  try {
    return require('@nestjs/common/internal') as Record<string, unknown>;
  } catch {
    return {
      ...(require('@nestjs/common/constants') as object),
      ...(require('@nestjs/common/enums/route-paramtypes.enum') as object),
    };
  }
}

describe('The names of the metadata', () => {
  const { RouteParamtypes: types, ...names } = ours;

  it.each(Object.entries(names))('%s matches the installed Nest', (name, value) => {
    expect(installed()[name]).toBe(value);
  });

  it.each(Object.entries(types))('the number of %s matches the installed Nest', (name, value) => {
    expect((installed()['RouteParamtypes'] as Record<string, unknown>)[name]).toBe(value);
  });
});
