import { chromium, type Browser, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findProgram } from './programs.js';

/** The path of Chromium, from the Debian package of that name. Undefined if it is missing. */
export const chromiumProgram = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** Starts headless Chromium with its own profile. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram,
    args: [
      // Chromium's sandbox does not run as root, which containers use.
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

/** Opens an empty page in a new Chromium, which is closed when the test is done. */
export async function openPage(): Promise<Page> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  return browser.newPage();
}
