import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { judge, readDrive } from '../../agent/lab/judge.ts';
import type { LabMachine } from '../../agent/lab/lab-machine.ts';
import { machine } from '../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { nearMiss } from '../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';
import { fleetMachines } from '../../server/cli/demo/fleet-machines.ts';
import { prepareHouse } from '../../server/cli/demo/prepare-house.ts';
import { agentExit, type AgentEvent, runAgent } from '../../server/cli/demo/run-agent.ts';
import { SimulatedFleet } from '../../server/cli/demo/simulated-fleet.ts';
import type { RunningServer } from '../../server/start.ts';
import { noChromium, startChromium } from '../support/chromium.ts';
import { top } from '../support/imports.ts';
import { startTestServer, testConfig } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const pictures = path.join(top, 'dist/pictures');
mkdirSync(pictures, { recursive: true });

/** A lab machine, enrolled while it was healthy, then broken. */
async function breakMachine(server: RunningServer, lab: LabMachine): Promise<string> {
  const folder = temporaryFolder();
  const { bundleFile } = await prepareHouse(server, folder, machine.id);
  const directory = path.join(folder, 'machine');
  const whileHealthy = async () =>
    assert.equal(await runAgent(['enrol', '--bundle', bundleFile], directory), agentExit.done);
  await lab.build(directory, { whileHealthy });
  return directory;
}

const server = await startTestServer(testConfig({ buildConsole: true }));

describe('a machine heals while somebody watches', { skip: noChromium }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    browser = await startChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
  });
  after(() => browser?.close());

  test('the first admin comes in by the one-time link, which works once', async () => {
    assert.ok(server.welcomeLink);
    await page.goto(server.welcomeLink);
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('Password').first().fill('a long enough password');
    await page.getByRole('button', { name: /account|start|sign|in/i }).click();
    await page.getByRole('heading', { level: 1, name: /No machine has called for help yet/ }).waitFor();

    const other = await browser.newPage();
    await other.goto(server.welcomeLink);
    await other.getByLabel('Name').fill('Mallory');
    await other.getByLabel('Password').first().fill('another long password');
    await other.getByRole('button', { name: /account|start|sign|in/i }).click();
    await other.getByRole('heading', { name: 'This link opens nothing any more' }).waitFor();
    await other.close();
  });

  test('the console follows without reload until Windows has booted, and shows why', async () => {
    const directory = await breakMachine(server, machine);
    const drive = readDrive(directory);
    const events: AgentEvent[] = [];
    assert.equal(await runAgent(['recover'], directory, event => events.push(event)), agentExit.reboot);
    await page.getByText('LAPTOP-4711').first().waitFor();
    await page.getByText('Confirming').first().waitFor();

    const judged = judge(directory, machine, drive);
    assert.ok(judged.healed, JSON.stringify(judged));
    assert.equal(await runAgent(['confirm'], directory), agentExit.done);
    await page.getByText('LAPTOP-4711').first().click();
    await page.getByRole('heading', { level: 1, name: /Windows started again/ }).waitFor();

    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: path.join(pictures, `healed-${viewport.width}.png`) });
      const parts = {
        verdict: page.getByRole('heading', { level: 1 }),
        state: page.getByText('Healed', { exact: true }).first(),
        cause: page.getByText('csagent.sys').first(),
        remedy: page.getByText(/C-00000291-00000000-00000032\.sys/).first(),
        proof: page.getByText(/device’s own key/).first(),
      };
      for (const [name, part] of Object.entries(parts)) {
        const box = await part.boundingBox();
        assert.ok(
          box && box.y >= 0 && box.y + box.height <= viewport.height,
          `${name} at ${viewport.width} px`,
        );
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    const tabs = {
      Why: /conditions hold/,
      Crash: /PAGE_FAULT_IN_NONPAGED_AREA/,
      'Boot log': /csagent\.sys/,
      'Script and steps': /delete C-00000291/,
      Files: /ntbtlog\.txt/,
      Facts: /driver\.csagent\.version/,
    };
    for (const [name, telling] of Object.entries(tabs)) {
      await page.getByRole('tab', { name }).click();
      await page.getByRole('tabpanel').getByText(telling).first().waitFor();
      await page.screenshot({
        path: path.join(pictures, `tab-${name.toLowerCase().replaceAll(' ', '-')}.png`),
      });
    }
    await page.getByRole('button', { name: /menu/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Hide names' }).click();
    await page.getByRole('heading', { level: 1, name: /^host-1 is healed/ }).waitFor();
    assert.ok(!(await page.content()).includes('LAPTOP-4711'));
    await page.screenshot({ path: path.join(pictures, 'names-hidden.png') });
    assert.deepEqual(complaints, []);
  });
});

test('a machine whose bad file was already superseded is neither matched nor touched', async () => {
  const other = await startTestServer();
  const directory = await breakMachine(other, nearMiss);
  const drive = readDrive(directory);
  const unplug = new AbortController();
  const pullWhenItWaits = (event: AgentEvent) => {
    if (event.event === 'log' && event.code === 'waiting') unplug.abort();
  };
  assert.notEqual(await runAgent(['recover'], directory, pullWhenItWaits, unplug.signal), agentExit.reboot);
  const { incidents } = await other.features.incidents.list('default', {});
  assert.deepEqual(
    incidents.map(incident => [incident.state, incident.knownIssueId]),
    [['unexplained', undefined]],
  );
  const judged = judge(directory, nearMiss, drive);
  assert.deepEqual([judged.deleted, judged.changed, judged.added], [[], [], []]);
  assert.equal(judged.boot.kind, 'booted');
});

test('the fleet of the demo says how ready it is, and heals where approvers signed', async t => {
  const other = await startTestServer();
  const folder = temporaryFolder();
  const fleet = SimulatedFleet.start(path.join(folder, 'fleet'));
  t.after(() => fleet.stop());
  const house = await prepareHouse(other, folder, machine.id, fleetMachines.length);
  await fleet.setUp(house.bundleFile);
  const rows = await other.database.query<{ score: number }>('select score from device_readiness');
  assert.equal(rows.length, fleetMachines.length);
  assert.ok(new Set(rows.map(({ score }) => score)).size > 1, 'not all are equally ready');
  await fleet.breakMachines();
  const { counts } = await other.features.incidents.list('default', {});
  assert.deepEqual([counts.healed, counts.unexplained, counts['awaiting-person']], [2, 2, 1]);
});
