import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { readinessExample } from '../../shared/wire/readiness.ts';
import { noChromium, startChromium } from '../support/chromium.ts';
import { top } from '../support/imports.ts';
import { startTestServer, testConfig } from '../support/running-server.ts';
import { channelFacts, WireDevice } from '../support/wire-device.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const pictures = path.join(top, 'dist/pictures');
mkdirSync(pictures, { recursive: true });

const server = await startTestServer(testConfig({ buildConsole: true }));
const contoso = (version: string) => ({
  'crash.code': '0x7e',
  'crash.module': 'contoso.sys',
  'crash.signature': '0x7e!contoso!+0x1000',
  'driver.contoso.version': version,
  'os.build': 22_631,
});
for (const facts of [contoso('9.2.0.0'), contoso('9.4.0.0'), contoso('10.0.1.0'), channelFacts])
  await (await WireDevice.enrol(server)).checkIn({ facts });

// Machines that are well: on the same build, one of them with the driver that stops the others.
for (let n = 0; n < 12; n++) {
  const facts = { 'os.build': 22_631, 'driver.contoso.version': n === 0 ? '9.4.0.0' : '8.1.0.0' };
  const told = { ...readinessExample, device: { name: 'WELL' }, facts };
  assert.equal((await (await WireDevice.enrol(server)).post('/v1/readiness', told)).status, 200);
}

/** What axe finds wrong, in both themes. */
async function findBarriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(
      ...(await page.evaluate<string[]>(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
          violations.map(one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join('; ')))`,
      )),
    );
  }
  return found;
}

/** Pictures of a page at a desk and on a phone, in both themes; nothing may be wider than the window. */
async function look(page: Page, name: string): Promise<void> {
  await page.evaluate('window.scrollTo(0, 0)');
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({
        path: path.join(pictures, `${name}-${width}-${colorScheme}.png`),
        fullPage: true,
      });
    }
    const over = await page.evaluate<number>(
      'Math.max(0, document.documentElement.scrollWidth - window.innerWidth)',
    );
    assert.equal(over, 0, `${name} is ${over} px too wide at ${width} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe('a known issue is written from an incident, tried and published', { skip: noChromium }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    browser = await startChromium();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript({ path: axe });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    await page.goto(server.welcomeLink!);
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('Password').first().fill('a long enough password');
    await page.getByRole('button', { name: /account|start|sign|in/i }).click();
    await page.getByRole('link', { name: 'Known issues' }).waitFor();
  });
  after(() => browser?.close());

  test('the list says who has what, and is searched by keyboard', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.getByRole('heading', { level: 1, name: /1 machine has one of them now/ }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await look(page, 'known-issues');
    await page.keyboard.press('/');
    await page.keyboard.type('crowd');
    await page.waitForURL(/search=crowd/);
    await page.getByRole('link', { name: /channel file 291/ }).waitFor();
  });

  test('a draft from an incident names what tells failing machines from others', async () => {
    await page.goto(`${server.consoleUrl}/incidents`);
    await page.getByText('contoso.sys').first().click();
    await page.getByRole('link', { name: 'Make a known issue from this incident' }).click();
    await page.getByRole('heading', { level: 1, name: 'A known issue from an incident' }).waitFor();
    await page
      .getByText(/What tells 3 machines with this failure from 12 healthy machines and 1 other failure/)
      .waitFor();
    await page.getByRole('row', { name: /Version of driver contoso.* 3 of 3 1 of 12 0 of 1/ }).waitFor();
    await page.getByText('It fits 3 of the newest 4 incidents.').waitFor();
    await page.getByText('It hits none of 12 healthy machines.').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await look(page, 'known-issue-from-incident');
  });

  test('form and source are one text; mistakes lead to their place', async () => {
    const source = page.getByLabel(/^Source/);
    await page.getByRole('textbox', { name: 'Title' }).fill('Contoso Shield 9 stops Windows');
    const lines = source.locator('.cm-line');
    const type = async (text: string) => {
      await source.focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await page.keyboard.insertText(text);
    };
    await lines.getByText('title: Contoso Shield 9 stops Windows').waitFor();
    const good = (await lines.allInnerTexts()).map(text => text.replaceAll('\n', '')).join('\n');
    await type(good.replace('fact: crash.module', 'fact: crash.modul'));
    const mistake = page.getByRole('list', { name: 'Mistakes in the source' });
    await mistake.getByText(/crash\.modul/).waitFor();
    await page.getByText(/It cannot be saved yet/).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save as a draft' }).isDisabled());
    await page.getByText('Cannot be read: fact crash.modul, equals contoso.sys').waitFor();
    await page.getByRole('button', { name: /^Take out: Version of driver contoso is / }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await look(page, 'known-issue-mistake');
    await mistake.getByRole('button').first().click();
    await source.and(page.locator(':focus')).waitFor();
    await type(good.replace('title: Contoso Shield 9 stops Windows', 'title: Contoso Shield'));
    assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Contoso Shield');
    await page.getByText('It fits 3 of the newest 4 incidents.').waitFor();
  });

  test('typing over what is selected keeps the content security policy, and one step takes it back', async () => {
    const source = page.getByLabel(/^Source/);
    const title = page.getByRole('textbox', { name: 'Title' });
    await source.locator('.cm-line').getByText('title: Contoso Shield').click();
    await page.keyboard.press('End');
    for (let n = 0; n < 'Shield'.length; n++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.type('Guard');
    await page.locator('input[value="Contoso Guard"]').waitFor();
    // Several lines with their colours, and back again.
    await source.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('x');
    assert.equal(await source.locator('.cm-line').count(), 1);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.locator('input[value="Contoso Shield"]').waitFor();
    assert.equal(await title.inputValue(), 'Contoso Shield');
    assert.deepEqual(complaints, []);
  });

  test('a rule that hits healthy machines is warned of before anything else', async () => {
    await page.getByRole('button', { name: /^Take out: Culprit of the crash/ }).click();
    await page.getByText(/^It hits 1 of 12 healthy machines: too wide/).waitFor();
    await page.getByRole('heading', { name: /It hits healthy machines/ }).waitFor();
    await page.getByRole('link', { name: /^Open WIRE-/ }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await look(page, 'known-issue-too-wide');
    await page
      .getByRole('button', { name: /^Take out: / })
      .first()
      .waitFor();
    await page.getByLabel(/^Source/).focus();
    await page.keyboard.press('Control+z');
    await page.getByText(/too wide/).waitFor({ state: 'detached' });
  });

  test('a failing machine is compared with a healthy one of its model, and that one shows its facts', async () => {
    await server.database.query(`update device set model = 'Contoso Book'`);
    const { incidents } = await server.features.incidents.list('default', { search: 'contoso.sys' });
    const other = await page.context().newPage();
    await other.goto(`${server.consoleUrl}/incidents/${incidents[0]!.incidentId}?tab=compare`);
    const twins = other.getByRole('listitem').filter({ hasText: 'healthy' });
    await twins.first().getByRole('link').click();
    await other.getByRole('heading', { name: /difference.* to WIRE-\d+, of \d+ things told/ }).waitFor();
    await other.getByText(/healthy; it told this/).waitFor();
    assert.deepEqual(await findBarriers(other), []);
    await look(other, 'compare-healthy');
    await other
      .getByRole('link', { name: /^WIRE-/ })
      .first()
      .click();
    await other.getByRole('heading', { name: 'What it came up with' }).waitFor();
    await other.getByText('2 facts').click();
    assert.deepEqual(await findBarriers(other), []);
    await look(other, 'device-started-with');
    await other.close();
  });

  test('of several ways those that come near are told, and beside it what the rule rests on', async () => {
    const other = await page.context().newPage();
    await other.goto(`${server.consoleUrl}/known-issues/new`);
    const source = other.getByLabel(/^Source/);
    await source.focus();
    await other.keyboard.press('Control+a');
    await other.keyboard.insertText(`id: contoso-ways-2026
title: Contoso on some builds
vendor: Contoso
product: Contoso Shield
firstSeenAt: 2026-01-01T00:00:00Z
affected: Machines with Contoso Shield.
cause: contoso.sys stops Windows.
summary: Contoso published a faulty driver.
when:
  all:
    - { fact: crash.module, equals: contoso.sys }
    - any:
        - all: [{ fact: os.build, equals: 22631 }, { fact: driver.contoso.version, equals: '1.0' }]
        - all: [{ fact: os.build, equals: 19045 }, { fact: driver.contoso.version, equals: '2.0' }]
        - { fact: crash.code, equals: '0x50' }
advice: [Wait.]
policy: never
priority: 500
confidence: low
sources:
  - { title: Contoso advisory, url: 'https://contoso.example/advisory' }
lookAlikes:
  - { title: Contoso Shield 11, difference: It is sound. }
`);
    await other.getByText('It fits none of the newest 4 incidents; 4 nearly').waitFor();
    const near = other.locator('details').filter({ hasText: 'One of these' }).first();
    await near.locator('summary').click();
    const lines = await near.locator('li').allInnerTexts();
    assert.deepEqual(
      lines.map(line => line.replaceAll(/\s+/g, ' ').trim()),
      [
        'holds Culprit of the crash is contoso.sys. contoso.sys, crash dump',
        'does not One of these:',
        'does not All of these:',
        'holds Windows build is 22631. 22631, SOFTWARE hive, else kernel version',
        'does not Version of driver contoso is 1.0. 10.0.1.0, PE version resource',
        'does not 2 other ways, of which nothing holds.',
      ],
    );
    await other
      .getByText('Windows build is 22631 and Version of driver contoso is 1.0; Windows build is 19045')
      .waitFor();
    await other.getByText('Contoso Shield 11', { exact: true }).waitFor();
    const advisory = other.getByRole('link', { name: 'Contoso advisory' });
    assert.equal(await advisory.getAttribute('href'), 'https://contoso.example/advisory');
    assert.deepEqual(await findBarriers(other), []);
    await look(other, 'known-issue-ways');
    await other.close();
  });

  test('saved, explained, back-tested and published; open machines are matched again', async () => {
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await page.getByRole('heading', { level: 1, name: 'Contoso Shield' }).waitFor();
    await page.getByRole('tab', { name: 'Back-test' }).click();
    await page.getByRole('button', { name: 'Back-test this version' }).click();
    await page.getByText('It fits 3 of all 4 incidents.').waitFor();
    await page.getByText('It hits none of 12 healthy machines.').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await look(page, 'known-issue-back-test');
    await page.getByRole('button', { name: /^Publish version 1/ }).click();
    await page
      .getByRole('dialog')
      .getByText(/matched again within a minute/)
      .waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/In force, version 1/).waitFor();
    await server.features.matchAgain.run(new Date());
    await page.getByText('3 machines down now').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('fits 3', { exact: true }).waitFor();
    assert.deepEqual(complaints, []);
  });
});
