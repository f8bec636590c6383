import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { RunningServer } from '../../../server/start.ts';
import type { Role } from '../../../shared/api/session.ts';
import { startChromium } from '../../support/chromium.ts';
import { top } from '../../support/imports.ts';
import { axeFile, findBarriers, findOverflow } from './console-house.ts';

/** Where pictures of every page are kept, to be opened and looked at. */
export const pictures = path.join(top, 'dist/screenshots');

/** How long a page that is pictured may be; the rest is more of the same. */
const mostTall = 2400;

export type Cookies = readonly { readonly name: string; readonly value: string; readonly url: string }[];

/** A browser before a real server, with somebody signed in. */
export class RealHouse {
  readonly server: RunningServer;
  readonly #browser: Browser;
  cookies: Cookies = [];
  /** What pages complained about: script errors and breaches of the content security policy. */
  readonly complaints: string[] = [];

  private constructor(server: RunningServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /** Opens the browser and makes the admin `ada`. */
  static async open(server: RunningServer): Promise<RealHouse> {
    mkdirSync(pictures, { recursive: true });
    const house = new RealHouse(server, await startChromium());
    house.cookies = await house.signIn(server.welcomeLink!.split('#')[1]!, 'ada');
    return house;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Makes an account by a one-time link. */
  async signIn(secret: string, name: string): Promise<Cookies> {
    const { consoleUrl } = this.server;
    const made = await fetch(`${consoleUrl}/api/session/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ secret, name, password: 'a long enough password' }),
    });
    const [cookie = ''] = made.headers.getSetCookie();
    const [, key = '', value = ''] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
    return [{ name: key, value, url: consoleUrl }];
  }

  /** Makes an account with a role. */
  async signInAs(role: Role, name: string): Promise<Cookies> {
    return await this.signIn(await this.server.features.access.makeLink(role), name);
  }

  /** Opens an address in a new window. */
  async visit(address: string, options: BrowserContextOptions = {}, cookies = this.cookies): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(20_000);
    await context.addCookies([...cookies]);
    await context.addInitScript({ path: axeFile });
    const page = await context.newPage();
    page.on('pageerror', error => this.complaints.push(error.message));
    page.on('console', message => {
      if (/Content Security Policy/.test(message.text())) this.complaints.push(message.text());
    });
    await page.goto(this.server.consoleUrl + address);
    return page;
  }

  /** Pictures of what a page shows at a desk and on a phone, in both themes: no barriers, nothing cut off. */
  async look(page: Page, name: string): Promise<void> {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const where = `${name}, ${colorScheme}, ${width} px`;
        // each theme once at each width would be the same colours twice
        if ((colorScheme === 'light') === (width === 1440))
          assert.deepEqual(await findBarriers(page), [], where);
        assert.equal(await findOverflow(page), 0, where);
        await waitForCurrentInSight(page, width, where);
        await page.evaluate('window.scrollTo(0, 0)');
        await page.screenshot({
          path: path.join(pictures, `${name}-${colorScheme}-${width}.png`),
          fullPage: true,
          clip: { x: 0, y: 0, width, height: mostTall },
        });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }
}

/** The link or tab of this page ends within the window; rows are pulled sideways only after a frame of a new width. */
async function waitForCurrentInSight(page: Page, width: number, where: string): Promise<void> {
  const current = page.locator('nav [aria-current="page"], main [role="tab"][aria-selected="true"]');
  const isInSight = async () => {
    for (const link of await current.all()) {
      const box = await link.boundingBox();
      if (!box || box.x < 0 || box.x + box.width > width) return false;
    }
    return true;
  };
  for (let frames = 0; frames < 60 && !(await isInSight()); frames++) await page.waitForTimeout(50);
  assert.ok(await isInSight(), `the current link, ${where}`);
}

/** Waits for the one sentence that a page says first. */
export const heading = (page: Page, text: RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name: text }).waitFor();
