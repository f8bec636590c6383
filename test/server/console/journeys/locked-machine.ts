import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { codeOfStep } from '../../../../server/features/access/one-time-code.ts';
import { hexOf } from '../../../../shared/bytes/hex.ts';
import { scriptAgreement } from '../../../../shared/trust/x25519.ts';
import { keyId, recoveryPassword } from '../../../support/locked-machine.ts';
import { bytesOfBase32 } from '../../../support/one-time-secret.ts';
import { WireDevice } from '../../../support/wire-device.ts';
import { heading, type RealHouse } from '../real-house.ts';

/** A locked machine asks for its recovery key, and a person at the console decides. */
export function releasesRecoveryKey(house: () => RealHouse): void {
  test('a locked machine asks while somebody watches; its key is released by the code on its screen, another is refused', async () => {
    const place = house();
    const { server } = place;
    const { recoveryKeys, keyRelease, secondFactor } = server.features;
    const device = await WireDevice.enrol(server);
    const key = { keyId, recoveryPassword, device: device.deviceId, volume: 'C:' };
    await recoveryKeys.keep('default', [key], 'account:ada');
    const secret = bytesOfBase32(await secondFactor.renew('default', 'ada', 'test'));
    const ask = async () => {
      const answer = await keyRelease.ask('default', {
        version: 1,
        requestKey: hexOf(randomBytes(32)),
        boxKey: hexOf(scriptAgreement.boxKeyOf(randomBytes(32))),
        device: { name: 'WIRE-LOCKED', model: 'Latitude 7440' },
        keyIds: [keyId],
      });
      assert.ok(answer.state === 'waiting');
      return answer.code;
    };

    const page = await place.visit('/now');
    await page.getByText('Live', { exact: true }).waitFor();
    const code = await ask();
    await page.getByText('Release a recovery key, or refuse it').waitFor();
    await page.getByRole('link', { name: '1 locked machine' }).click();
    await heading(page, /^One locked machine asks for its recovery key/);
    await ask();
    await heading(page, /^Two locked machines ask/);
    await place.look(page, 'keys-asking');

    // Machines of one key are told apart by the code alone: the first that asked stands below.
    const asking = page.getByRole('list', { name: 'Machines that ask' }).getByRole('listitem');
    await asking.first().getByRole('button', { name: 'Refuse' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Why').fill('nobody called');
    await page.getByRole('dialog').getByRole('button', { name: 'Refuse it' }).press('Enter');
    await heading(page, /^One locked machine asks/);
    await asking.getByRole('button', { name: 'Release its key' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Release the key of/ });
    const [shown, authenticator] = [
      dialog.getByLabel(/^Code on the screen/),
      dialog.getByLabel(/authenticator/),
    ];
    const oneTimeCode = (step: number) => codeOfStep(secret, Math.floor(Date.now() / 30_000) + step);
    await dialog.getByLabel('Why').fill('ticket 4711, called back');
    await shown.fill('0000-0000');
    await authenticator.fill(oneTimeCode(0));
    await place.look(page, 'keys-release');
    await dialog.getByRole('button', { name: 'Release the key' }).press('Enter');
    await dialog.getByText('This is not the code on the screen of this machine.').waitFor();
    await shown.fill(code.toLowerCase().replace('-', ''));
    await authenticator.fill(oneTimeCode(1));
    await dialog.getByRole('button', { name: 'Release the key' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await heading(page, /^No machine asks for its recovery key\. One key was released/);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'ticket 4711, called back' })
      .getByText('ada')
      .waitFor();
    await place.look(page, 'keys-decided');
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });
}
