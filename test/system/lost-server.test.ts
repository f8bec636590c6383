import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { noChromium, startChromium } from '../support/chromium.ts';
import { startTestServer, testConfig } from '../support/running-server.ts';
import { WireDevice } from '../support/wire-device.ts';

/** A port that is free now: the server must come back where the page looks for it. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('the server goes away and comes back', { skip: noChromium }, () => {
  let browser: Browser;
  let writing: Page;
  let watching: Page;
  before(async () => {
    browser = await startChromium();
  });
  after(() => browser?.close());

  test('pages say so, keep what was typed, and show what happened since without a reload', async () => {
    const config = testConfig({ buildConsole: true, consolePort: await freePort() });
    const first = await startTestServer(config);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(30_000);
    watching = await context.newPage();
    await watching.goto(first.welcomeLink!);
    await watching.getByLabel('Name').fill('Ada Admin');
    await watching.getByLabel('Password').first().fill('a long enough password');
    await watching.getByRole('button', { name: /account|start|sign|in/i }).click();
    await watching.getByRole('link', { name: 'Known issues' }).waitFor();
    const device = await WireDevice.enrol(first);
    await watching.goto(`${first.consoleUrl}/incidents`);
    writing = await context.newPage();
    await writing.goto(`${first.consoleUrl}/system/tokens`);
    const field = writing.getByLabel('What it is for');
    await field.fill('nightly report');
    for (const page of [watching, writing]) await page.getByText('Live', { exact: true }).waitFor();

    await first.stop();
    for (const page of [watching, writing]) {
      await page.getByText(/^(Reconnecting|Offline)$/).waitFor();
      await page.getByText('The server does not answer. What you see is from').waitFor();
    }
    await writing.getByRole('button', { name: 'Make it' }).press('Enter');
    await writing.getByText('The server does not answer.', { exact: true }).waitFor();
    assert.equal(await field.inputValue(), 'nightly report');

    const second = await startTestServer(config);
    assert.equal(second.consoleUrl, first.consoleUrl);
    await device.callAgain(second).checkIn({});
    for (const page of [watching, writing]) {
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByText('What you see is from').waitFor({ state: 'detached' });
    }
    await watching.getByRole('heading', { level: 1, name: /One machine is not back yet/ }).waitFor();
    await watching.getByRole('list', { name: 'Incidents' }).getByRole('link').first().waitFor();
    assert.equal(await field.inputValue(), 'nightly report');
    await writing.getByRole('button', { name: 'Make it' }).press('Enter');
    await writing.getByText('The secret of “nightly report”').waitFor();
  });
});
