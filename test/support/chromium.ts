import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './programs.js';

/** Undefined where Chromium is not installed. */
export const chromiumPath = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** Nothing but the pages of a test goes over the network, and a container without a sandbox of its own will do. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium; whoever starts it closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ARGUMENTS });
}
