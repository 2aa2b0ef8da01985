import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packPackage } from './fresh-application.js';
import { InstalledApplication, PATIENCE, type Major } from './installed-application.js';
import { ANSWERS } from './installed/answers.js';

const majors: readonly Major[] = [
  { nest: '11', runner: 'jest' },
  { nest: '12', runner: 'vitest' },
];

/** TypeScript 5.7 to 6, each with its modes of resolution. Nest 12 has no types for node10. */
const resolutions: readonly [compiler: string, resolution: string, options: readonly string[]][] = [
  ['ts5.7', 'node10', ['--module', 'commonjs', '--moduleResolution', 'node10']],
  ['ts5.7', 'node16', ['--module', 'node16', '--moduleResolution', 'node16']],
  ['ts5.9', 'nodenext', ['--module', 'nodenext', '--moduleResolution', 'nodenext']],
  ['ts6.0', 'nodenext', ['--module', 'nodenext', '--moduleResolution', 'nodenext']],
  ['ts6.0', 'bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
];

// npm installs two applications from the registry, which takes minutes: `npm run test:package`.
describe.runIf(process.env['PACKAGE'] === 'installed').each(majors)(
  'A new application of NestJS $nest',
  (major) => {
    let parent: string;
    let application: InstalledApplication;

    beforeAll(async () => {
      parent = await realpath(await mkdtemp(join(tmpdir(), 'installed-application-')));
      application = await InstalledApplication.create(parent, major, await packPackage(parent));
    }, PATIENCE);
    afterAll(() => rm(parent, { recursive: true, force: true }), PATIENCE);

    it(
      `passes tests on Express and by app.inject() with ${major.runner}`,
      async () => {
        await expect(application.test()).resolves.toEqual(expect.any(String));
      },
      PATIENCE,
    );

    it.each(resolutions.filter(([, name]) => major.nest === '11' || !/node1[06]/.test(name)))(
      'compiles with %s and moduleResolution %s, checking all typings',
      async (compiler, _, options) => {
        await expect(application.checkTypes(compiler, options)).resolves.toBeUndefined();
      },
      PATIENCE,
    );

    it.each(['tsc', 'swc'] as const)(
      'serves what it declares by the CLI plugin, built with %s',
      async (builder) => {
        await application.build(builder);
        for (const platform of ['Express', 'Fastify'] as const) {
          const { url } = await application.start(platform);
          for (const [path, contentType, body] of ANSWERS) {
            const answer = await fetch(`${url}${path}`);
            expect(answer.headers.get('content-type')).toBe(contentType);
            expect(await answer.text()).toBe(body);
          }
          expect(await (await fetch(`${url}/plugin`)).json()).toEqual({ id: 1, name: 'Rex' });
          const document = (await (await fetch(`${url}/schema/`)).json()) as {
            components: { schemas: Record<string, { properties: object }> };
          };
          expect(document.components.schemas['PluginPuppy']?.properties).toHaveProperty('name');
        }
      },
      PATIENCE,
    );
  },
);
