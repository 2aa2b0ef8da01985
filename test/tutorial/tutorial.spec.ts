import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangesOf, runCurl } from '../docs/console.js';
import { packPackage, PATIENCE, root } from '../package/fresh-application.js';
import { chromiumProgram, openPage } from '../support/browser.js';
import { findProgram } from '../support/programs.js';
import { TutorialApplication } from './tutorial-application.js';

const text = await readFile(join(root, 'docs/tutorial/stream-your-first-events.md'), 'utf8');

/** The numbered sections, with what a reader does in each, in order. */
const steps = [...text.matchAll(/^## \d+\. (.*)\n([^]*?)(?=^## )/gm)].map(
  ([, title = '', section = '']) => ({ title, actions: actionsOf(section) }),
);

interface Action {
  /** The file that a block of TypeScript is written to. */
  readonly path: string | undefined;
  readonly language: string;
  readonly code: string;
}

function actionsOf(section: string): Action[] {
  return [...section.matchAll(/^(?:`([^`\n]+)`\n\n)?```(\w+)\n([^]*?)^```$/gm)].map(
    ([, path, language = '', code = '']) => ({ path, language, code }),
  );
}

/** The text with the changes that a diff shows. */
function patch(source: string, diff: string): string {
  const lines = diff.trimEnd().split('\n');
  const side = (left: string) =>
    lines
      .filter((line) => !line.startsWith(left))
      .map((line) => line.slice(1))
      .join('\n');
  expect(source).toContain(side('+'));
  return source.replace(side('+'), side('-'));
}

describe.runIf(findProgram('curl'))('The tutorial', () => {
  let parent: string;
  let application: TutorialApplication;

  beforeAll(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), 'nestjs-responses-tutorial-')));
    application = new TutorialApplication(parent, await packPackage(parent));
  }, PATIENCE);
  afterAll(async () => {
    await application.stop();
    await rm(parent, { recursive: true, force: true });
  }, PATIENCE);

  const perform = async ({ path, language, code }: Action, next: Action | undefined) => {
    if (language === 'ts') {
      expect(path).toMatch(/^src\/.*\.ts$/);
      await application.write(path ?? '', code);
    } else if (language === 'sh') {
      for (const command of code.trim().split('\n')) {
        await application.run(command);
      }
    } else if (language === 'diff') {
      const controller = 'src/ticks.controller.ts';
      const source = await application.read(controller);
      await application.write(controller, patch(source, code));
      await expect(application.build()).rejects.toThrow(next?.code.trim());
      await application.write(controller, source);
    } else if (language === 'console') {
      // `start:dev` has restarted the application since the last file was saved.
      await application.stop();
      await application.start();
      for (const exchange of exchangesOf(code)) {
        expect(await runCurl(exchange, application.port, parent)).toBe(exchange.answer);
      }
    } else {
      expect(language).toBe('text');
    }
  };

  it('has six steps', () => {
    expect(steps).toHaveLength(6);
  });

  it.each(steps)(
    'works as shown: $title',
    async ({ actions }) => {
      expect(actions).not.toEqual([]);
      for (const [i, action] of actions.entries()) {
        await perform(action, actions[i + 1]);
      }
    },
    PATIENCE,
  );

  it.runIf(chromiumProgram)(
    'ends with a page that resumes the stream after a restart',
    async () => {
      await application.stop();
      await application.start();
      const page = await openPage();
      await page.goto(`http://127.0.0.1:${application.port}/`);
      await page.getByText('tick 1', { exact: true }).waitFor();
      await application.stop();
      const before = await page.locator('li').count();
      await application.start();
      await page.getByText(`tick ${before + 1}`, { exact: true }).waitFor();
      const shown = await page.locator('li').allTextContents();
      expect(shown).toEqual(shown.map((_, i) => `tick ${i}`));
      await page.goto(`http://127.0.0.1:${application.port}/docs`);
      await page.getByText('First events').first().waitFor();
    },
    PATIENCE,
  );
});
