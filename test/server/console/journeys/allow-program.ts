import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBarriers } from '../console-house.ts';
import { heading, type RealHouse } from '../real-house.ts';

const sha256 = 'ab'.repeat(32);
const text = String.raw`remediation "Mend the rules"
  risk high

require crash code is 0x50

run %ProgramFiles%\Contoso\mend.exe, sha256 ${sha256}, at most 5 minutes, accepting no undo
`;

/** A program comes onto the list of bundles, and machines that do not allow it are told to whoever signs. */
export function allowsProgram(house: () => RealHouse): void {
  test('a program is allowed after its consequence is read, and machines that do not allow it are named before anybody signs', async () => {
    const place = house();
    const page = await place.visit('/system/programs');
    await heading(page, /let scripts run no program/);
    await page.getByLabel('Path').fill('C:\\mend.exe');
    await page.getByText('a program is a whole path').waitFor();
    await page.getByLabel('Path').fill(String.raw`%ProgramFiles%\Contoso\mend.exe`);
    await page.getByLabel('SHA-256 of the file').fill(sha256.toUpperCase());
    await page.getByRole('button', { name: 'Allow it' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Allow this program?' });
    await dialog.getByText('as SYSTEM, before Windows starts').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await dialog.getByRole('button', { name: 'Allow it' }).press('Enter');
    await heading(page, /let scripts run one program/);
    await page.getByRole('list', { name: 'Programs on the list' }).getByText('0 of').waitFor();
    await place.look(page, 'programs-one');

    const { consoleUrl } = place.server;
    const saved = await page.request.post(`${consoleUrl}/api/remediations/mend/versions`, {
      data: { text },
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    assert.equal(saved.status(), 201);
    await page.goto(`${consoleUrl}/remediations/mend`);
    await page.getByRole('tab', { name: 'Sign' }).click();
    const refusing = page.getByRole('region', { name: 'Machines that would refuse it' });
    await refusing.getByText(/would do nothing with it/).waitFor();
    await place.look(page, 'sign-reach');
    assert.deepEqual(place.complaints, []);
    await page.context().close();
  });
}
