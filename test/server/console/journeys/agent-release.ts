import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentReleaseStore } from '../../../../server/features/agent-releases/agent-release-store.ts';
import { heading, type RealHouse } from '../real-house.ts';

const envelope = { payloadType: 'test', payload: '', signatures: [] };
const sha256 = 'ab'.repeat(32);

/** A release that the server halted is read, and goes on; the next one is halted by a person. */
export function steersAgentRelease(house: () => RealHouse): void {
  test('a newer agent is watched, halts itself, goes on after a look, is offered wider and halted with a reason', async () => {
    const place = house();
    const { database } = place.server;
    const store = new AgentReleaseStore(database);
    const [now, aWhileAgo] = [new Date(), new Date(Date.now() - 3 * 86_400_000)];
    const release = { type: 'agent-release', organization: 'default', sha256, sizeBytes: 993_280 } as const;
    for (const [index, version] of ['0.1.4', '0.2.0'].entries())
      await store.insert(
        'default',
        { ...release, number: index + 1, version, approvedAt: aWhileAgo.toISOString() },
        { envelope, percent: 10, by: 'account:ada', now: aWhileAgo },
      );
    for (let n = 1; n <= 60; n++) {
      const deviceId = `device-${n}`;
      await store.offer('default', 2, deviceId, aWhileAgo);
      if (n > 50) continue;
      await store.noteFetched('default', 2, deviceId, n > 46 ? aWhileAgo : now);
      const end = { code: n > 40 ? 'image-refused' : undefined, now };
      if (n <= 43)
        await store.end('default', 2, deviceId, { state: n > 40 ? 'failed' : 'installed', ...end });
    }
    const halted = { state: 'halted', haltedBecause: 'updated-machines-silent', percent: 10 } as const;
    await store.steer('default', 2, { ...halted, countedFrom: aWhileAgo });

    const page = await place.visit('/now');
    await page.getByText('Agent 0.2.0 halted itself').waitFor();
    await page.getByRole('link', { name: 'See what happened' }).click();
    await heading(page, /^Agent 0\.2\.0 is halted: machines that took it fell silent/);
    await place.look(page, 'agent-halted');
    await page.getByRole('button', { name: 'Go on' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/only what happens from now on counts/).waitFor();
    await dialog.getByRole('button', { name: 'Go on' }).press('Enter');
    await heading(page, /^Agent 0\.2\.0 is offered to 10 % of the machines; 40 machines run it/);
    await page.getByLabel('Offer it to').selectOption('50');
    await page.getByRole('button', { name: 'Offer it' }).press('Enter');
    await dialog.getByRole('button', { name: 'Offer it to 50 %' }).press('Enter');
    await heading(page, /is offered to 50 % of the machines/);
    await page.getByRole('button', { name: 'Halt it' }).press('Enter');
    await dialog.getByLabel('Why').fill('help desk reports slow starts');
    await dialog.getByRole('button', { name: 'Halt it' }).press('Enter');
    await heading(page, /is halted: “help desk reports slow starts”/);
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });
}
