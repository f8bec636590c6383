import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { RealHouse } from '../real-house.ts';

/** Lists that open something, with what their rows are called in the sheet. */
const lists = [
  { place: 'devices', name: 'Devices', one: 'device' },
  { place: 'known-issues', name: 'Known issues', one: 'known issue' },
  { place: 'remediations', name: 'Remediations', one: 'remediation' },
] as const;

/** The name of what has the focus. */
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.trim()');

/** Everything that the sheet promises, list by list, and every kind of dialog closed again. */
export function keepsKeyboardPromises(house: () => RealHouse): void {
  test('every list is walked by j and k and opened by Enter, as the sheet says', async () => {
    const page = await house().visit('/now');
    for (const { place, name, one } of lists) {
      await page.goto(`${house().server.consoleUrl}/${place}`);
      const rows = page.getByRole('list', { name }).getByRole('link');
      await rows.nth(1).waitFor();
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keyboard' });
      for (const promise of [`Next ${one}`, `Previous ${one}`, `Open the ${one}`, 'Search everything'])
        await sheet.getByText(promise, { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      for (const key of ['j', 'j', 'k']) await page.keyboard.press(key);
      assert.equal(await focused(page), (await rows.first().textContent())?.trim(), name);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/${place}/*`);
    }
    await page.context().close();
  });

  test('every dialog closes by Escape and gives the focus back to what opened it', async () => {
    const { database, consoleUrl } = house().server;
    const [down] = await database.query<{ id: string }>(
      `select incident_id as id from incident where state = 'unexplained' limit 1`,
    );
    const page = await house().visit('/now');
    const openers = [
      ['/now', 'Search everything'],
      [`/incidents/${down!.id}`, 'Choose a repair'],
      [`/incidents/${down!.id}`, 'Mark as healed'],
      ['/devices/device-11', 'Retire'],
      ['/system/people', 'Disable'],
      ['/incidents?state=healed', 'Keep this filter'],
    ] as const;
    for (const [address, name] of openers) {
      await page.goto(consoleUrl + address);
      const opener = page.getByRole('button', { name }).first();
      await opener.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await opener.and(page.locator(':focus')).waitFor();
    }
    await page.context().close();
  });
}
