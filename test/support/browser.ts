import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findProgram } from './programs.js';

/** The path of Chromium, Debian's package of that name; undefined where it is missing. */
export const chromiumProgram = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** Opens an empty page in Chromium, with a profile of its own; the browser is closed when the test is done. */
export async function openPage(): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: chromiumProgram,
    args: [
      // Chromium's sandbox refuses to run as root, as which containers run.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => browser.close());
  return browser.newPage();
}
