import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCsagentCrash } from '../../../../agent/lab/evidence/csagent-crash.ts';
import { buildNtbtlog } from '../../../../agent/lab/evidence/ntbtlog.ts';
import { memorySource } from '../../../../shared/bytes/byte-source.ts';
import { makeExtract } from '../../../../shared/crashdump/extract.ts';
import { channelFacts, nearMissFacts, offerOf, WireDevice } from '../../../support/wire-device.ts';
import { heading, type RealHouse } from '../real-house.ts';

const dumpId = 'aaaabbbbccccddddeeeeffff00001111';
const bootLogId = 'aaaabbbbccccddddeeeeffff00002222';

/** A crash as the agent cuts it out on the machine. */
function dumpExtract(): Uint8Array {
  const extract = makeExtract(
    memorySource(buildCsagentCrash({ capturedAt: new Date('2024-07-19T05:02:11Z') })),
  );
  assert.ok(extract.ok);
  return extract.bytes;
}

const signature = { 'crash.signature': 'AV_csagent!unknown_function', 'os.build': 22_631 };
const driver = { 'driver.csagent.vendor': 'CrowdStrike, Inc.', 'driver.csagent.version': '7.15.18513.0' };

/** A machine that nearly has a known issue, its dump and its boot log sent over the wire, after one that has it. */
async function callWithEvidence({ server }: RealHouse): Promise<string> {
  await (await WireDevice.enrol(server)).checkIn({ facts: { ...channelFacts, ...signature } });
  const dump = dumpExtract();
  const startedAt = new Date('2024-07-19T05:02:04.500Z');
  const loaded = ['ntoskrnl.exe', 'drivers\\FLTMGR.SYS', 'drivers\\CrowdStrike\\csagent.sys'];
  const bootLog = Buffer.from(
    buildNtbtlog([
      { startedAt, osBuild: 22631, loaded: loaded.map(name => `\\SystemRoot\\System32\\${name}`) },
    ]),
  );
  const device = await WireDevice.enrol(server);
  const facts = { ...nearMissFacts, ...signature, ...driver };
  const evidence = [offerOf(dumpId, 'crash-extract', dump), offerOf(bootLogId, 'boot-log', bootLog)];
  const { decision } = await device.checkIn({ facts, evidence });
  assert.equal(decision.kind, 'send-evidence');
  assert.equal((await device.upload(dumpId, dump)).status, 200);
  assert.equal((await device.upload(bootLogId, bootLog)).status, 200);
  const [incident] = await server.database.query<{ id: string }>(
    'select incident_id as id from incident where device_id = $1',
    [device.deviceId],
  );
  return incident!.id;
}

/** Somebody finds out why a machine crashed that no known issue fits, and writes down what they found. */
export function understandsUnknownCrash(house: () => RealHouse): void {
  test('an unknown crash is understood: verdict, near miss, dump, another machine, and a known issue made of it', async () => {
    const place = house();
    const { server } = place;
    const incidentId = await callWithEvidence(place);
    const page = await place.visit(`/incidents/${incidentId}`);
    await heading(page, /no known issue fits/);

    // Why not the one that looks so alike: the corrected file is there.
    const miss = page.locator('section', {
      has: page.getByRole('heading', { name: /CrowdStrike channel file 291/ }),
    });
    await miss.getByText(/A near miss: it does not fit/).waitFor();
    await miss
      .getByRole('row', { name: /does not/ })
      .first()
      .waitFor();
    assert.ok((await miss.getByRole('row', { name: /^holds/ }).count()) >= 2);
    await place.look(page, 'crash-why');

    await page.keyboard.press('2');
    await page.waitForURL('**tab=crash**');
    await page.getByText('csagent.sys', { exact: true }).first().waitFor();
    await page.getByText('PAGE_FAULT_IN_NONPAGED_AREA').first().waitFor();
    await page.getByText('csagent.sys+0xe14ed').first().waitFor();
    // What the dump does not know, the machine told of the driver's file.
    await page.getByRole('row', { name: /csagent\.sys.*CrowdStrike, Inc\. 7\.15\.18513\.0/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter modules' }).fill('csboot');
    await page.getByRole('row', { name: /csboot\.sys/ }).waitFor();
    await place.look(page, 'crash-dump');

    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Boot log' }).click();
    await page
      .getByText(/csagent\.sys/)
      .first()
      .waitFor();

    // Beside a machine with the same crash: what differs is told first.
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByText('Machines with csagent.sys, the newest change first.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'CrowdStrike' }).first().getByRole('link').click();
    await page.getByRole('heading', { name: /differences? to/ }).waitFor();
    await page
      .getByText(/c-00000291-00000000-00000033\.sys/)
      .first()
      .waitFor();
    await place.look(page, 'crash-compare');

    await page.getByRole('tab', { name: 'Why' }).click();
    await page.getByRole('link', { name: 'Make a known issue from this incident' }).click();
    await heading(page, /A known issue from an incident/);
    await page.getByRole('textbox', { name: 'Title' }).fill('The sensor crashes with its corrected file');
    await page.getByText(/It fits \d+ of the newest/).waitFor();
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await heading(page, /The sensor crashes with its corrected file/);
    const issues = await server.features.issueBook.list('default');
    assert.ok(issues.some(one => one.title === 'The sensor crashes with its corrected file'));
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });
}
