import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { clearOutage, storeOutage } from '../../../support/stored-outage.ts';
import { heading, pictures, type RealHouse } from '../real-house.ts';

const mostBytes = 150_000;

/** One picture of README, small enough for a repository; to be looked at and copied to `docs`. */
async function picture(page: Page, name: string): Promise<void> {
  const file = path.join(pictures, `readme-${name}.png`);
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  assert.ok(size <= mostBytes, `${name} has ${size} bytes`);
}

/** Now in the middle of an outage, and a script with what it means. */
export function takesReadmePictures(house: () => RealHouse): void {
  test('the pictures of README: Now during an outage, and the editor of scripts', async () => {
    const { database, consoleUrl } = house().server;
    await storeOutage(database, new Date());
    const page = await house().visit('/now', { viewport: { width: 1200, height: 760 } });
    await heading(page, /^413 machines are not back yet\. 389 are being healed now\. 12 need you/);
    await page.getByRole('cell', { name: /AV_cntflt!unknown_function/ }).waitFor();
    await picture(page, 'now');
    await clearOutage(database);
    await page.goto(`${consoleUrl}/remediations/senseshield-sprotect-24h2?tab=meaning`);
    await page.locator('.cm-content').waitFor();
    await page
      .getByRole('tabpanel')
      .getByText(/sprotect/)
      .first()
      .waitFor();
    await page.setViewportSize({ width: 1120, height: 580 });
    await picture(page, 'editor');
    await page.context().close();
  });
}
