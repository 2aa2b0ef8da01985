import { chromium, type Browser, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findProgram } from './programs.js';

/** The path of Chromium, Debian's package of that name; undefined where it is missing. */
export const chromiumProgram = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** Starts Chromium without a window, with a profile of its own; whoever starts it closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
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
}

/** Opens an empty page in a Chromium of its own, which is closed when the test is done. */
export async function openPage(): Promise<Page> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  return browser.newPage();
}
