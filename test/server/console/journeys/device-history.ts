import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readinessExample } from '../../../../shared/wire/readiness.ts';
import { WireDevice } from '../../../support/wire-device.ts';
import { heading, type RealHouse } from '../real-house.ts';

/** One machine's page tells its tests phase by phase, and what was to be taken back on it. */
export function readsDeviceHistory(house: () => RealHouse): void {
  test('the page of a machine walks through its tests and tells what was taken back', async () => {
    const place = house();
    const { database } = place.server;
    const device = await WireDevice.enrol(place.server);
    await device.post('/v1/readiness', { ...readinessExample, device: { name: 'WIRE-TESTED' } });
    const page = await place.visit(`/devices/${device.deviceId}`);
    await page.getByText('was never walked here').waitFor();

    const nothing = { reason: 'test-mode', facts: {}, evidence: [], recallVersion: 0, trustVersion: 0 };
    const again = device.callAgain(place.server);
    const story = ['failed-boot', 'winre', 'orient', 'network', 'check-in'].map((phase, n) => ({
      phase,
      atMs: n * 900,
    }));
    await device.checkIn({ ...nothing, story });
    await again.checkIn({ ...nothing, story });
    await device.post('/v1/booted', device.bootedMessage());
    await database.query(
      `update device_test set started_at = started_at - interval '90 seconds' where booted_at is not null`,
    );
    await page.reload();
    await page.getByText('A test runs now; Windows has not come up after it yet.').waitFor();
    await page.getByRole('list', { name: 'Earlier tests' }).getByText('Windows came up after 90 s').waitFor();
    await again.post('/v1/booted', again.bootedMessage());
    await page.reload();
    await page.getByText(/It walked the whole way/).waitFor();
    assert.equal(await page.getByRole('list', { name: 'Phases' }).getByRole('listitem').count(), 5);
    await place.look(page, 'device-tests');

    // The machine of the first journey, whose repair somebody wanted taken back and then not.
    const [undone] = await database.query<{ id: string }>('select device_id as id from undo_order');
    await page.goto(`${place.server.consoleUrl}/devices/${undone!.id}`);
    await heading(page, /WIRE-\d+/);
    const orders = page.getByRole('list', { name: 'Repairs to be taken back' });
    await orders.getByText('Withdrawn').waitFor();
    await orders.getByRole('link', { name: /the vendor asked for the file/ }).waitFor();
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });

  test('another machine that speaks as this one is told with its numbers, until a person decides', async () => {
    const place = house();
    const { database } = place.server;
    const device = await WireDevice.enrol(place.server);
    await database.query(`update device set serial = 'B5RJ12' where device_id = $1`, [device.deviceId]);
    const findings = [
      ...readinessExample.findings,
      {
        code: 'recovery-space',
        state: 'bad',
        weight: 5,
        found: 'winre.wim has 512 MB, its partition 60 MB free.',
        advice: 'Windows’ own updates of WinRE need 250 MB: enlarge the partition as KB5028997 describes.',
      },
    ];
    const told = { ...readinessExample, findings, device: { name: 'WIRE-COPY', serial: 'C7KQ90' } };
    await device.post('/v1/readiness', told);
    const page = await place.visit(`/devices/${device.deviceId}`);
    await heading(page, /Another machine speaks as WIRE-\d+/);
    await page.getByText('WIRE-COPY told serial number C7KQ90 and not B5RJ12').waitFor();
    await page.getByText('enlarge the partition').waitFor();
    await place.look(page, 'device-copy');
    await page.getByRole('button', { name: 'Accept this machine' }).press('Enter');
    await heading(page, /is ready to 67 of 100/);
    assert.equal(await page.getByText('A machine with another identity').count(), 0);
    await page.goto(`${place.server.consoleUrl}/devices`);
    await page.getByText('What to mend first').click();
    await page.getByText('Let failed starts count again.').waitFor();
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });
}
