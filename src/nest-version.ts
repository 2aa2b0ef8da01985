import { createRequire } from 'node:module';

/** The major versions of NestJS that this package supports. */
export const SUPPORTED_NEST_MAJORS: readonly number[] = [11, 12];

/** Returns the version of the installed NestJS, e.g. `12.5.1`. Undefined if it is unknown, e.g. in a bundle. */
export function installedNestVersion(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url)('@nestjs/core/package.json') as {
      readonly version?: string;
    };
    return manifest.version;
  } catch {
    return undefined;
  }
}

/**
 * Throws an `Error` if a version of NestJS is not supported. Accepts an unknown version.
 *
 * @param version e.g. `12.5.1`
 */
export function checkNestVersion(version: string | undefined): void {
  const major = Number.parseInt(version ?? '', 10);
  if (!Number.isNaN(major) && !SUPPORTED_NEST_MAJORS.includes(major)) {
    throw new Error(
      `nestjs-responses works with NestJS ${SUPPORTED_NEST_MAJORS.join(' and ')}, but NestJS ${version} is installed. ` +
        'Install a supported version of @nestjs/core, or a version of nestjs-responses that supports yours.',
    );
  }
}
