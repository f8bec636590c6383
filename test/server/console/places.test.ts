import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../../server/start.ts';
import { readinessExample } from '../../../shared/wire/readiness.ts';
import { noChromium } from '../../support/chromium.ts';
import { top } from '../../support/imports.ts';
import { startTestServer, testConfig } from '../../support/running-server.ts';
import { storeIncidents } from '../../support/stored-incidents.ts';
import { attemptIn, approveCatalog, channelFacts, WireDevice } from '../../support/wire-device.ts';
import { findBarriers, findOverflow } from './console-house.ts';
import { allowsProgram } from './journeys/allow-program.ts';
import { readsDeviceHistory } from './journeys/device-history.ts';
import { releasesRecoveryKey } from './journeys/locked-machine.ts';
import { steersAgentRelease } from './journeys/agent-release.ts';
import { keepsKeyboardPromises } from './journeys/keyboard.ts';
import { takesReadmePictures } from './journeys/readme-pictures.ts';
import { understandsUnknownCrash } from './journeys/unknown-crash.ts';
import { heading, pictures, RealHouse } from './real-house.ts';

const readIntuneScript = (name: string) => readFileSync(path.join(top, 'docs/intune', name), 'utf8');
const server = (
  noChromium === false
    ? await startTestServer(testConfig({ buildConsole: true }), { agentFile: '/nowhere/bootmend.exe' })
    : undefined
) as RunningServer;

describe('the places of the console over a real server', { skip: noChromium }, () => {
  let house: RealHouse;
  before(async () => {
    house = await RealHouse.open(server);
  });
  after(() => house.close());
  const visit: RealHouse['visit'] = (...asked) => house.visit(...asked);

  test('a fresh install leads on, and a machine heals before the eyes of who watches', async () => {
    const page = await visit('/');
    await page.waitForURL('**/now');
    await heading(page, /No machine has called for help yet/);
    await page.getByRole('link', { name: 'Devices' }).click();
    await heading(page, /No machine is enrolled yet/);
    await page.getByRole('link', { name: 'Enrol the first machine' }).click();
    await heading(page, /say whose signatures machines believe/);
    await page.getByText('It is not built on this server yet').waitFor();
    await approveCatalog(server);
    await page.reload();
    await heading(page, /A machine enrols once/);
    await page.getByLabel('Where machines reach this server').fill('https://192.0.2.10:8443');
    const make = page.getByRole('button', { name: 'Make the bundle' });
    await page.getByLabel('Proxy').fill('ada:hunter2@proxy.contoso.example:3128');
    assert.ok(await make.isDisabled(), 'a proxy with a password is none');
    await page.getByLabel('Proxy').fill('proxy.contoso.example:3128');
    await page.getByLabel('Help desk').fill(' +33 4 00 00 00 00 ');
    await make.press('Enter');
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save bundle.json' }).click();
    const bundle = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as {
      token: string;
      proxy: string;
      helpDesk: string;
    };
    assert.equal(bundle.proxy, 'proxy.contoso.example:3128');
    assert.equal(bundle.helpDesk, '+33 4 00 00 00 00');
    await WireDevice.enrolBy(server, bundle.token);
    await page.getByRole('link', { name: 'Intune' }).click();
    await page.waitForURL('**/devices/enrol?way=intune');
    await page.getByText('Detection script', { exact: true }).waitFor();
    const shown = await page.locator('main pre').allTextContents();
    assert.deepEqual(shown, ['detect.ps1', 'remediate.ps1'].map(readIntuneScript));
    const device = await WireDevice.enrol(server);
    await device.post('/v1/readiness', { ...readinessExample, device: { name: 'WIRE-1' } });
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    const attemptId = attemptIn(await device.checkIn({ facts: channelFacts }));
    await heading(page, /One machine is not back yet and is being healed now. Nothing needs you/);
    await page.getByRole('cell', { name: /CrowdStrike/ }).waitFor();
    await device.post('/v1/outcome', device.outcomeMessage(attemptId));
    await device.post('/v1/booted', device.bootedMessage(attemptId));
    await heading(page, /No machine is waiting for help/);

    const [healed] = await server.database.query<{ id: string }>('select incident_id as id from incident');
    await page.goto(`${server.consoleUrl}/incidents/${healed!.id}`);
    await heading(page, /Windows started again/);
    await page.keyboard.press('z');
    const dialog = page.getByRole('dialog', { name: 'Take the repair back?' });
    await dialog.getByLabel('Why').fill('the vendor asked for the file');
    await dialog.getByRole('button', { name: 'Take it back' }).press('Enter');
    const undo = page.getByText('ada wanted the repair taken back');
    await undo.waitFor();
    await page.getByRole('button', { name: 'Withdraw it' }).press('Enter');
    await undo.getByText('It was withdrawn before the machine told anything.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Withdraw it' }).count(), 0);
    const [order] = await server.database.query('select state from undo_order');
    assert.deepEqual(order, { state: 'withdrawn' });
    assert.deepEqual(await findBarriers(page), []);
    await page.context().close();
  });

  takesReadmePictures(() => house);

  const pictureCompact = async (page: Page, width: number) => {
    await page.getByRole('button', { name: /menu/ }).click();
    await page.getByRole('menuitemradio', { name: 'Compact' }).click();
    for (const name of ['incidents', 'devices', 'now']) {
      await page.goto(`${server.consoleUrl}/${name}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
      assert.equal(await findOverflow(page), 0, `${name}, compact, ${width} px`);
      await page.screenshot({ path: path.join(pictures, `${name}-compact-light-${width}.png`) });
    }
  };

  test('no barriers and nothing cut off on a busy morning, in both themes and widths', async () => {
    await storeIncidents(server.database, 3000, new Date());
    const [one] = await server.database.query<{ id: string }>(
      `select device_id as id from device where name = 'LAPTOP-0000003'`,
    );
    const places: [string, string, RegExp][] = [
      ['now', '/now', /machines are not back yet/],
      ['incidents', '/incidents', /machines are not back yet/],
      ['remediations', '/remediations', /in force/],
      ['devices', '/devices', /machines are enrolled/],
      ['enrol', '/devices/enrol?way=network', /A machine enrols once/],
      ['device', `/devices/${one!.id}`, /LAPTOP-0000003/],
      ['system', '/system', /The server and its database serve/],
      ['jobs', '/system/jobs', /Everything on timers/],
      ['storage', '/system/storage', /There is room/],
      ['agent', '/system/agent', /No newer agent was published/],
      ['keys', '/system/keys', /No recovery key is kept here/],
      ['people', '/system/people', /may use the console/],
      ['tokens', '/system/tokens', /may use the API/],
      ['programs', '/system/programs', /let scripts run/],
      ['api', '/system/api', /a program can do/],
      ['audit', '/system/audit', /What people and the server did/],
    ];
    const page = await visit('/now');
    for (const [name, address, title] of places) {
      await page.goto(server.consoleUrl + address);
      await heading(page, title);
      await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
      await house.look(page, name);
    }
    await page.goto(`${server.consoleUrl}/now`);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await pictureCompact(page, width);
    }
    await page.context().close();
    assert.deepEqual(house.complaints, []);
  });

  test('the keyboard goes to every place, and a machine is found, opened and retired after its consequence is read', async () => {
    const page = await visit('/now');
    await heading(page, /machines are not back yet/);
    for (const [key, address] of [
      ['d', 'devices'],
      ['s', 'system/health'],
      ['i', 'incidents'],
      ['k', 'known-issues'],
      ['n', 'now'],
      ['d', 'devices'],
    ]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key!);
      await page.waitForURL(`**/${address}`);
    }
    await page.getByRole('list', { name: 'Devices' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('LAPTOP-0000042');
    await page.waitForURL('**/devices?search=LAPTOP-0000042');
    const found = page.getByRole('list', { name: 'Devices' }).getByRole('link');
    await found.filter({ hasText: 'LAPTOP-0000042' }).press('Enter');
    await page.getByRole('button', { name: 'Retire' }).press('Enter');
    await page.getByText('The server refuses this machine from now on').waitFor();
    await page.getByRole('button', { name: 'Retire it' }).press('Enter');
    await heading(page, /is retired/);
  });

  test('a person chooses a repair by keyboard, compares two machines, and keeps a filter under its own address', async () => {
    const device = await WireDevice.enrol(server);
    await device.checkIn({ facts: { 'driver.contoso.version': '9.2.0.0', 'crash.module': 'driver1.sys' } });
    const [one] = await server.database.query<{ id: string }>(
      'select incident_id as id from incident where device_id = $1',
      [device.deviceId],
    );
    const [other] = await server.database.query<{ id: string }>(
      `select incident_id as id from incident where state = 'unexplained' and facts ->> 'crash.module' = 'driver1.sys'
         and incident_id <> $1 limit 1`,
      [one!.id],
    );
    const page = await visit(`/incidents/${one!.id}`);
    await heading(page, /no known issue fits/);
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Choose a repair' });
    await dialog.getByText('The machine checks the signatures').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await dialog.getByRole('button', { name: 'Give it this repair' }).press('Enter');
    await heading(page, /A person chose its repair/);
    attemptIn(await device.checkIn({ facts: {} }));
    await heading(page, /is being healed now/);

    await page.keyboard.press('0');
    await page.waitForURL('**tab=compare**');
    await page.getByRole('searchbox', { name: 'Find another incident' }).waitFor();
    await page.goto(`${server.consoleUrl}/incidents/${one!.id}?tab=compare&with=${other!.id}`);
    await page.getByText('differences to').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.screenshot({ path: path.join(pictures, 'compare-light-1440.png'), fullPage: true });

    await page.goto(`${server.consoleUrl}/incidents?state=healed&search=LAPTOP-00000`);
    await page.getByRole('list', { name: 'Incidents' }).waitFor();
    await page.keyboard.press('s');
    await page.getByLabel('Name').fill('Healed in Lyon');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Healed in Lyon' }).waitFor();
    await page.goto(`${server.consoleUrl}/incidents`);
    await page.getByRole('link', { name: 'Healed in Lyon' }).click();
    await page.waitForURL('**/incidents?state=healed&search=LAPTOP-00000');
    assert.equal(await page.locator('nav[aria-label="Filter by state"] [aria-current]').count(), 1);
    assert.deepEqual(house.complaints, []);
    await page.context().close();
  });

  keepsKeyboardPromises(() => house);
  understandsUnknownCrash(() => house);
  releasesRecoveryKey(() => house);
  steersAgentRelease(() => house);
  allowsProgram(() => house);
  readsDeviceHistory(() => house);

  test('a session that ends in the middle of an edit loses nothing that was typed', async () => {
    const page = await visit('/system/tokens');
    await page.getByLabel('What it is for').fill('nightly report');
    await server.database.query('delete from browser_session');
    await page.getByRole('button', { name: 'Make it' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Your session ended' });
    await dialog.getByLabel('Password', { exact: true }).fill('a long enough password');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('What it is for').inputValue(), 'nightly report');
    await page.getByRole('button', { name: 'Make it' }).press('Enter');
    await page.getByText('The secret of “nightly report”').waitFor();
    house.cookies = (await page.context().cookies()).map(({ name, value }) => ({
      name,
      value,
      url: server.consoleUrl,
    }));
    await page.context().close();
  });

  test('a viewer sees why a button is missing', async () => {
    const page = await visit('/devices/device-7', {}, await house.signInAs('viewer', 'vera'));
    await page.getByText('needs the role operator').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Retire' }).count(), 0);
    for (const [place, role] of [
      ['system/audit', 'operator'],
      ['system/jobs', 'operator'],
      ['system/storage', 'operator'],
      ['system/keys', 'operator'],
      ['system/people', 'admin'],
      ['system/tokens', 'admin'],
    ] as const) {
      await page.goto(`${server.consoleUrl}/${place}`);
      await page.getByText(`The role ${role} has this permission`).waitFor();
    }
    for (const [place, sentence, button] of [
      ['system/agent', 'The role admin offers a release to more machines, or halts it.', 'Halt it'],
      ['devices/enrol', 'The role operator makes bundles.', 'Make the bundle'],
      ['remediations/crowdstrike-2024-07-19', 'the role author saves and tries', 'Save as version 2'],
      ['known-issues/crowdstrike-2024-07-19', 'the role author saves', 'Save as a draft'],
    ] as const) {
      await page.goto(`${server.consoleUrl}/${place}`);
      await page.getByText(sentence).first().waitFor();
      assert.equal(await page.getByRole('button', { name: button, disabled: false }).count(), 0, place);
    }
    assert.deepEqual(await findBarriers(page), []);
  });

  test('a name from a machine is text, never markup', async () => {
    await server.database.query(
      `update device set name = '<img src=x onerror=alert(1)>' where device_id = 'device-9'`,
    );
    const page = await visit('/devices/device-9');
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.deepEqual(house.complaints, []);
  });

  test('what the first screen loads is at most 250 kB as it is sent', async () => {
    const folder = path.join(top, 'dist/console');
    const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
    const named = [...page.matchAll(/(?:src|href)="[./]*(assets\/[^"]+\.(?:js|css))"/g)].map(
      match => match[1]!,
    );
    const lazy = readdirSync(path.join(folder, 'assets')).filter(name => name.startsWith('now-screen-'));
    assert.ok(named.length >= 2 && lazy.length >= 1);
    const files = new Set([...named, ...lazy.map(name => `assets/${name}`)]);
    const bytes = [...files].reduce(
      (sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length,
      0,
    );
    assert.ok(bytes <= 250_000, `${bytes} bytes`);
  });
});
