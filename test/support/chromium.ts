import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's chromium stands. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why browser tests cannot run here, or false when they can; in CI, where everything is required, they must. */
export const noChromium: string | false =
  existsSync(executablePath) || process.env['BOOTMEND_REQUIRE'] === 'all'
    ? false
    : `there is no ${executablePath}; apt-get install chromium, or name another with CHROMIUM`;

/** Starts a browser that talks to nobody but the page under test. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
