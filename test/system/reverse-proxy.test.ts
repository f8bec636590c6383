import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { noChromium, startChromium } from '../support/chromium.ts';
import { freePort, Nginx, noNginx } from '../support/nginx.ts';
import { startTestServer, testConfig } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { channelFacts, WireDevice } from '../support/wire-device.ts';

const [port, consolePort] = [await freePort(), await freePort()];
const origin = `https://localhost:${port}`;
const place = `${origin}/bootmend/`;
const folder = temporaryFolder();
const publicPlace = { origin, path: '/bootmend/', isSecure: true };
const server = await startTestServer(testConfig({ buildConsole: true, consolePort, publicPlace }));

describe('the console behind nginx, below a path', { skip: noNginx || noChromium }, () => {
  let nginx: Nginx;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  const failed: string[] = [];

  before(async () => {
    nginx = new Nginx(folder, { port, consolePort });
    await nginx.ready(place);
    browser = await startChromium();
    context = await browser.newContext({ ignoreHTTPSErrors: true, reducedMotion: 'reduce' });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    page.on('response', response => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
  });
  after(async () => {
    await browser?.close();
    await nginx?.stop();
  });

  test('the one-time link leads there, and the cookie is bound to the path', async () => {
    assert.ok(server.welcomeLink!.startsWith(`${place}welcome#`));
    await page.goto(server.welcomeLink!);
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('Password').first().fill('a long enough password');
    await page.getByRole('button', { name: /account|start|sign|in/i }).click();
    await page.getByRole('link', { name: 'Known issues' }).waitFor();
    const [cookie, ...more] = await context.cookies();
    assert.equal(more.length, 0);
    assert.deepEqual(
      [cookie!.name, cookie!.path, cookie!.secure, cookie!.httpOnly, cookie!.sameSite],
      ['__Secure-bootmend', '/bootmend/', true, true, 'Strict'],
    );
    failed.length = 0;
  });

  test('every place opens by a click, and by its address when the page is loaded anew', async () => {
    const names = ['Now', 'Incidents', 'Known issues', 'Remediations', 'Devices', 'System'];
    for (const name of names) {
      const link = page.getByRole('navigation').getByRole('link', { name, exact: true }).first();
      const isHere = () =>
        page.locator('nav a[aria-current="page"]', { hasText: name }).first().waitFor({ state: 'attached' });
      await link.click();
      await isHere();
      assert.ok(page.url().startsWith(place), page.url());
      await page.reload();
      await isHere();
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    for (const deep of ['devices/enrol', 'remediations/new', 'known-issues/new', 'system/tokens']) {
      await page.goto(place + deep);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    await page.goto(place.slice(0, -1));
    await page.waitForURL(`${place}now`);
    assert.deepEqual([failed, complaints], [[], []]);
  });

  test('what happens is seen without a reload', async () => {
    await page.goto(`${place}incidents`);
    await page.getByText('Live', { exact: true }).waitFor();
    const device = await WireDevice.enrol(server);
    await device.checkIn({ facts: channelFacts });
    await page
      .getByRole('link', { name: /C-00000291|CrowdStrike|0x50/i })
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /C-00000291|CrowdStrike|0x50/i })
      .first()
      .click();
    await page.waitForURL(`${place}incidents/**`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.deepEqual([failed, complaints], [[], []]);
  });

  test('links to files and the commands that are shown name the public address', async () => {
    await page.goto(`${place}system/api`);
    const link = page.getByRole('link', { name: 'openapi.json' });
    assert.equal(await link.getAttribute('href'), '/bootmend/api/openapi.json');
    const answer = await context.request.get(`${place}api/openapi.json`);
    assert.deepEqual(((await answer.json()) as { servers: unknown }).servers, [{ url: '/bootmend' }]);
  });

  test('signing out and in again stays there', async () => {
    await context.clearCookies();
    await page.goto(`${place}devices?state=pending`);
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('Password').first().fill('a long enough password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${place}devices**`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('nothing is served beside the path, and no other site may change anything', async () => {
    const health = await fetch(`${server.consoleUrl}/health`);
    assert.equal(health.status, 200);
    const beside = await fetch(`${server.consoleUrl}/incidents`, { headers: { accept: 'text/html' } });
    assert.equal(beside.status, 404);
    assert.match(await beside.text(), /a proxy must pass the path on as it is/);
    const signIn = (headers: Record<string, string>) =>
      statusOf(`${server.consoleUrl}/bootmend/api/session`, headers, {
        name: 'Ada Admin',
        password: 'a long enough password',
      });
    assert.equal(await signIn({ origin: 'https://evil.example' }), 403);
    assert.equal(await signIn({ origin: server.consoleUrl }), 403);
    assert.equal(await signIn({ origin, host: 'evil.example' }), 404);
    assert.equal(await signIn({ origin, host: 'evil.example', 'x-forwarded-host': 'localhost' }), 404);
    assert.equal(await signIn({ origin, 'x-forwarded-proto': 'http' }), 201);
  });
});

/** What a request that may name any host is answered. */
const statusOf = (url: string, headers: Record<string, string>, body: object) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      response => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end(JSON.stringify(body));
  });
