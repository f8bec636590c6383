import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createLabGround } from '../../server/cli/lab-ground.ts';
import { approverKey } from '../../shared/trust/documents.ts';
import { anna, approver, sealBy } from '../support/approvers.ts';
import { noChromium, startChromium } from '../support/chromium.ts';
import { startTestServer, testConfig } from '../support/running-server.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const axeScript = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(one => one.id + ' at ' + one.nodes.map(node => node.target.join(' ')).join('; ')))`;
/** As much of an element as tells whether it has the focus, also in a shadow root. */
interface FocusRoot {
  getRootNode(): { readonly activeElement: unknown };
}
const elsewhere = `remediation "Written elsewhere"
  risk low
  tell "A file is being removed."

delete %SystemRoot%\\System32\\drivers\\contoso.sys

reboot
`;
const overflowScript = 'Math.max(0, document.documentElement.scrollWidth - window.innerWidth)';

const server = await startTestServer({ ...testConfig(), buildConsole: true }, { labOf: createLabGround });

describe('a script from the first key to the signature', { skip: noChromium }, () => {
  let browser: Browser;
  let context: BrowserContext;
  const complaints: string[] = [];

  before(async () => {
    browser = await startChromium();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(20_000);
    await context.addInitScript({ path: axe });
    const [, secret] = server.welcomeLink!.split('#');
    const answer = await context.request.post(`${server.consoleUrl}/api/session/link`, {
      data: { secret, name: 'anna', password: 'a long enough password' },
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    assert.equal(answer.status(), 201);
  });
  after(() => browser.close());

  async function visit(address: string): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(server.consoleUrl + address);
    return page;
  }

  /** Presses Tab until what is asked for has the focus. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    const target = page.locator(selector).first();
    await target.waitFor();
    for (let press = 0; press < 80; press++) {
      const hasFocus = await target.evaluate(
        element => (element as unknown as FocusRoot).getRootNode().activeElement === element,
      );
      if (hasFocus) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`${selector} cannot be reached with Tab`);
  }

  test('by keyboard alone: write, mend, try, save, sign', async () => {
    const page = await visit('/incidents');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('list', { name: 'Remediations' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'New script' }).waitFor();

    await tabTo(page, '.cm-content');
    const lines = [
      'require driver csagent version at least 7.11',
      '',
      'delete C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291*.sys',
    ];
    for (const line of lines) {
      // What the editor offers is not taken: Escape closes it, so that Enter ends the line.
      await page.keyboard.type(line);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
    }
    await tabTo(page, '[role="tab"]');
    await tabTo(page, 'button:has-text("Write %SystemRoot%")');
    await page.keyboard.press('Enter');
    await page.getByText('No mistakes').waitFor();
    await page.getByText('Deletes up to 16 files named C-00000291*.sys').waitFor();

    await tabTo(page, '[role="tab"][aria-selected="true"]');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'button[type="submit"]:has-text("Try it")');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing was changed.').waitFor({ timeout: 60_000 });
    await page.getByText('It would').waitFor();

    await page.keyboard.press('Shift+Tab');
    await tabTo(page, 'input[aria-label="Name of the remediation"]');
    await page.keyboard.type('contoso-2026-01-31');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/remediations/contoso-2026-01-31**');
    await page.getByRole('tab', { name: 'Sign' }).waitFor();

    await tabTo(page, '[role="tab"][aria-selected="true"]');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Nobody can sign yet').waitFor();
    await publishTrust([]);
    await tabTo(page, 'button:has-text("Make my key")');
    await page.keyboard.press('Enter');
    const shown = await page.getByLabel('Public key', { exact: true }).textContent();
    await publishTrust([approverKey.parse(JSON.parse(shown ?? ''))]);
    await tabTo(page, 'button:has-text("Sign and publish version 1")');
    await page.keyboard.press('Enter');
    await page.getByText('In force').first().waitFor();
    const { remediations } = (await (
      await context.request.get(`${server.consoleUrl}/api/remediations`)
    ).json()) as { remediations: { remediationId: string; state: string }[] };
    assert.equal(remediations.find(one => one.remediationId === 'contoso-2026-01-31')?.state, 'in-force');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('what somebody else saves is on every page at once', async () => {
    const list = await visit('/remediations');
    await list.getByRole('list', { name: 'Remediations' }).waitFor();
    await list.getByText('Live', { exact: true }).waitFor();
    const saved = await context.request.post(
      `${server.consoleUrl}/api/remediations/written-elsewhere/versions`,
      { data: { text: elsewhere }, headers: { 'sec-fetch-site': 'same-origin' } },
    );
    assert.equal(saved.status(), 201);
    // Much sooner than what is read again in any case.
    await list.getByText('Written elsewhere').first().waitFor({ timeout: 12_000 });
    assert.deepEqual(complaints, []);
    await list.close();
  });

  let published = 0;
  async function publishTrust(keys: readonly object[]): Promise<void> {
    published++;
    const document = {
      type: 'trust',
      organization: 'default',
      version: published,
      threshold: 1,
      approvers: [approver(anna), ...keys],
      onlineKey: server.onlineKey,
      serverPins: server.pins,
      issuedAt: '2026-01-01T00:00:00.000Z',
    };
    await server.features.trust.publish('default', sealBy('trust', document, anna), 'test');
  }

  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const)
    test(`no barriers and nothing cut off, ${colorScheme}, ${width} px`, async () => {
      const page = await visit('/remediations');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 844 });
      const check = async (name: string) => {
        assert.deepEqual(await page.evaluate(axeScript), [], name);
        assert.equal(await page.evaluate(overflowScript), 0, `${name} is wider than the window`);
      };
      await page.getByRole('list', { name: 'Remediations' }).waitFor();
      await check('the list');
      for (const tab of ['meaning', 'versions', 'sign']) {
        await page.goto(`${server.consoleUrl}/remediations/crowdstrike-2024-07-19?tab=${tab}`);
        await page.locator('.cm-content').waitFor();
        await check(tab);
      }
      await page.goto(`${server.consoleUrl}/remediations/new`);
      await page.getByLabel(/^Commands/).fill('del C:\\Windows\\a.sys\nformat c:');
      await page.getByText('As a script').waitFor();
      await check('a translation');
      await page.goto(`${server.consoleUrl}/remediations/no-such-script`);
      await page.getByRole('heading', { name: 'There is no such remediation' }).waitFor();
      await check('no such script');
      await page.close();
    });
});
