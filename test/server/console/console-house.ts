import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { startChromium } from '../../support/chromium.ts';
import { ConsolePreview } from '../../support/console-preview.ts';
import { top } from '../../support/imports.ts';
import { FixtureClock } from './fixtures/clock.ts';
import { incidentRows, storedDetails } from './fixtures/incident-rows.ts';

/** What finds barriers, to be put into a page before `findBarriers` asks. */
export const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe found wrong, as one line per rule. */
const axeScript = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(one => one.id + ': ' + one.help + ' at ' + one.nodes.map(node => node.target.join(' ')).join('; ')))`;

/** A freshly built console with fixtures behind it, and a browser in front of it. */
export class ConsoleHouse {
  readonly preview: ConsolePreview;
  readonly url: string;
  readonly clock = new FixtureClock(Date.now());
  /** What pages complained about: script errors and breaches of the content security policy. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(parts: { preview: ConsolePreview; url: string; browser: Browser; folder: string }) {
    this.preview = parts.preview;
    this.url = parts.url;
    this.#browser = parts.browser;
    this.#folder = parts.folder;
  }

  static async open(): Promise<ConsoleHouse> {
    const folder = await mkdtemp(path.join(tmpdir(), 'bootmend-console-'));
    await build({
      configFile: path.join(top, 'server/console/vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
    const preview = new ConsolePreview(folder);
    return new ConsoleHouse({ preview, url: await preview.start(), browser: await startChromium(), folder });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.preview.stop();
    await rm(this.#folder, { recursive: true });
  }

  /** Puts everything back to a busy morning with somebody signed in. */
  reset(): void {
    this.preview.rows = incidentRows(2000, this.clock);
    this.preview.details = storedDetails(this.clock);
    this.preview.session = { name: 'ada', role: 'viewer', expiresAt: '2030-01-01T00:00:00.000Z' };
    this.preview.refusal = undefined;
    this.preview.isSlow = false;
    this.preview.isAway = false;
    this.complaints.length = 0;
  }

  /** Opens an address in a new window. */
  async visit(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      // Contrast is judged on what stands, not on what is fading in.
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(15_000);
    await context.addInitScript({ path: axeFile });
    const page = await context.newPage();
    page.on('pageerror', error => this.complaints.push(error.message));
    page.on('console', message => {
      if (/Content Security Policy/.test(message.text())) this.complaints.push(message.text());
    });
    await page.goto(this.url + address);
    return page;
  }

  /** The address of the incident of a device. */
  addressOf(deviceName: string): string {
    const detail = this.preview.details.find(one => one.device.name === deviceName);
    if (detail === undefined) throw new Error(`No fixture has the device ${deviceName}.`);
    return `/incidents/${detail.incident.incidentId}`;
  }
}

/** Everything that axe finds wrong on a page. */
export const findBarriers = (page: Page): Promise<string[]> => page.evaluate<string[]>(axeScript);

/** How many pixels the page is wider than its window. */
export const findOverflow = (page: Page): Promise<number> =>
  page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');
