import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../../support/chromium.ts';
import { incidentTabs as tabsOfIncident } from '../../../server/console/screens/incident/incident-search.ts';
import { ConsoleHouse, findBarriers, findOverflow } from './console-house.ts';

const operator = { name: 'ada', role: 'operator', expiresAt: '2030-01-01T00:00:00.000Z' } as const;

describe('the console in a browser', { skip: noChromium }, () => {
  let house: ConsoleHouse;
  before(async () => {
    house = await ConsoleHouse.open();
  });
  after(() => house.close());
  beforeEach(() => house.reset());

  const path = (page: Page) => page.url().slice(house.url.length);
  const heading = (page: Page, text: string | RegExp) =>
    page.getByRole('heading', { level: 1, name: text }).waitFor();

  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`the first screen at ${viewport.width} px shows verdict, state, cause, remedy and proof`, async () => {
      const page = await house.visit(house.addressOf('LAPTOP-4711'), { viewport });
      await heading(page, /Windows started again/);
      const parts = {
        verdict: page.getByRole('heading', { level: 1 }),
        state: page.getByText('Healed', { exact: true }),
        cause: page.getByText('0x50 PAGE_FAULT_IN_NONPAGED_AREA').first(),
        remedy: page.getByText('Deleted 1 file, C-00000291-00000000-00000032.sys'),
        proof: page.getByText('reported in with the device’s own key'),
      };
      for (const [name, part] of Object.entries(parts)) {
        const box = await part.boundingBox();
        assert.ok(box !== null, `${name} is not on the page`);
        assert.ok(
          box.y >= 0 && box.y + box.height <= viewport.height,
          `${name} ends at ${box.y + box.height}`,
        );
        assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, `${name} is cut off at the side`);
      }
      assert.equal(await page.title(), 'Healed: LAPTOP-4711 · Bootmend');
    });

  const incidentTabs = Object.keys(tabsOfIncident);
  for (const colorScheme of ['light', 'dark'] as const)
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ])
      test(`no barriers and nothing cut off, ${colorScheme}, ${viewport.width} px`, async () => {
        const page = await house.visit('/incidents', { colorScheme, viewport });
        const check = async (name: string) => {
          assert.deepEqual(await findBarriers(page), [], name);
          assert.equal(await findOverflow(page), 0, `${name} is wider than the window`);
        };
        await page.getByRole('list', { name: 'Incidents' }).waitFor();
        await check('the list');
        for (const tab of incidentTabs) {
          await page.goto(`${house.url}${house.addressOf('LAPTOP-4711')}?tab=${tab}`);
          await page.getByRole('tabpanel').waitFor();
          await check(`the incident, ${tab}`);
        }
        await page.goto(house.url + house.addressOf('CAD-WS-0777'));
        await heading(page, /no known issue fits/);
        await check('an unexplained incident');
        await page.goto(`${house.url}/incidents?search=nothing+like+this`);
        await page.getByText('Nothing fits').waitFor();
        await check('an empty search');
        await page.goto(`${house.url}/welcome#0123456789abcdef0123456789`);
        await heading(page, 'Welcome');
        await check('the welcome page');
        house.preview.rows = [];
        await page.goto(`${house.url}/incidents`);
        await heading(page, /No machine has called for help yet/);
        await check('a fresh install');
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
        await check('the keyboard sheet');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: /menu/ }).click();
        await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor();
        await check('the menu');
        await page.keyboard.press('Escape');
        house.preview.session = undefined;
        await page.goto(`${house.url}/incidents`);
        await heading(page, 'Sign in');
        await check('the sign-in page');
        assert.deepEqual(house.complaints, []);
        await page.context().close();
      });

  test('the keyboard walks the list, opens an incident and its evidence, and comes back to the row', async () => {
    house.preview.session = operator;
    const page = await house.visit('/incidents');
    await page.getByRole('list', { name: 'Incidents' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const second = house.preview.rows[1];
    await page.waitForURL(`**/incidents?selected=${second?.incidentId}`);

    const story = house.preview.details[1]?.incident;
    await page.goto(`${house.url}/incidents?selected=${story?.incidentId}`);
    await page.locator('a[data-selected]').waitFor();
    await page.keyboard.press('Enter');
    await heading(page, /Windows started again/);
    await page.keyboard.press('e');
    await page.waitForURL('**?tab=files');
    await page.getByRole('link', { name: 'Download' }).first().waitFor();
    await page.keyboard.press('2');
    await page.waitForURL('**?tab=crash');
    await page.keyboard.press('u');
    await page.waitForURL(`**/incidents?selected=${story?.incidentId}`);
    await page.goto(`${house.url}${house.addressOf('CAD-WS-0777')}`);
    await heading(page, /no known issue fits/);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL('**/incidents');
    await page.getByRole('list', { name: 'Incidents' }).waitFor();
    await page.keyboard.press('?');
    await page.getByText('Next incident').waitFor();
  });

  for (const [width, comfortable, compact] of [
    [1440, 44, 32],
    [390, 64, 50],
  ] as const)
    test(`rows stand closer when somebody wants it, touch nowhere, and stay so, ${width} px`, async () => {
      const page = await house.visit('/incidents', { viewport: { width, height: 844 } });
      const list = page.getByRole('list', { name: 'Incidents' });
      const measure = () =>
        page.evaluate<{ heights: number[]; steps: number[]; cut: number; whole: number }>(`(() => {
          const list = document.querySelector('ol[aria-label="Incidents"]');
          const rows = [...list.children].map(row => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
          return {
            heights: [...new Set(rows.map(row => row.height))],
            steps: [...new Set(rows.slice(1).map((row, index) => row.top - rows[index].top))],
            cut: [...list.querySelectorAll('a')].filter(one => one.scrollHeight > one.clientHeight).length,
            whole: list.offsetHeight,
          };
        })()`);
      await list.waitFor();
      const rows = house.preview.rows.length;
      const before = await measure();
      assert.deepEqual([before.heights, before.steps], [[comfortable], [comfortable]]);
      await page.getByRole('button', { name: /menu/ }).click();
      await page.getByRole('menuitemradio', { name: 'Compact' }).click();
      await page.getByRole('menuitemradio', { name: 'Compact' }).waitFor({ state: 'detached' });
      const closer = { heights: [compact], steps: [compact], cut: 0 };
      const { whole, ...now } = await measure();
      assert.deepEqual(now, closer);
      assert.equal(whole / compact, before.whole / comfortable, `of ${rows}`);
      assert.deepEqual(await findBarriers(page), []);
      await page.reload();
      await list.waitFor();
      const { whole: again, ...kept } = await measure();
      assert.deepEqual(kept, closer);
      assert.equal(again % compact, 0);
      assert.equal(await findOverflow(page), 0);
      await page.context().close();
    });

  test('downloads follow the switch that hides names, and a viewer reads who may download', async () => {
    const files = `${house.addressOf('LAPTOP-4711')}?tab=files`;
    const viewer = await house.visit(files);
    await viewer.getByText('Only operators and admins can download.').waitFor();
    assert.equal(await viewer.getByRole('link', { name: /Download/ }).count(), 0);
    house.preview.session = operator;
    const page = await house.visit(files);
    const hrefOf = (name: string) =>
      page.getByRole('link', { name, exact: true }).first().getAttribute('href');
    assert.doesNotMatch((await hrefOf('Download')) ?? '', /names/);
    await page.getByRole('button', { name: 'ada, menu' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Hide names' }).click();
    await page.getByText('Names are hidden, so downloads come without names').waitFor();
    assert.match((await hrefOf('Download without names')) ?? '', /\?names=hidden$/);
    assert.match((await hrefOf('Download what was read, without names')) ?? '', /\?names=hidden$/);
  });

  test('what the machine changed, logged and set is on the page, newest first', async () => {
    const page = await house.visit(`${house.addressOf('LAPTOP-4711')}?tab=changes`);
    await page.getByText('The newest change:').waitFor();
    await page.getByText('cntflt.inf 4.3.1.0 by Contoso').first().waitFor();
    await page.getByText('CBS_E_INSTALLERS_FAILED').first().waitFor();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('KERNEL_SECURITY_CHECK_FAILURE').first().waitFor();
    await page.getByRole('tab', { name: 'Registry' }).click();
    await page.getByText('was read with the changes that wait in its logs').waitFor();
    await page.getByText('suspected').waitFor();
  });

  test('filter, search and row stand in the address, and the address brings them back', async () => {
    const page = await house.visit('/incidents');
    await page
      .getByRole('link', { name: /Given up/ })
      .first()
      .click();
    await page.waitForURL('**/incidents?state=closed');
    await page.keyboard.press('/');
    await page.keyboard.type('kiosk');
    await page.waitForURL(/state=closed&search=kiosk/);
    await page.getByRole('link', { name: /KIOSK-0404/ }).waitFor();
    const again = await house.visit(path(page));
    await again.getByRole('link', { name: /KIOSK-0404/ }).waitFor();
    assert.equal(await again.getByRole('searchbox').inputValue(), 'kiosk');
    assert.equal(await again.getByRole('list', { name: 'Incidents' }).getByRole('listitem').count(), 1);
  });

  test('a list of 2,000 rows keeps few of them on the page and reads on while the reader scrolls', async () => {
    const page = await house.visit('/incidents');
    const list = page.getByRole('list', { name: 'Incidents' });
    await list.waitFor();
    assert.ok((await list.getByRole('listitem').count()) < 60);
    // A reader goes on scrolling until the end comes, and so does this one.
    const end = list.locator('[aria-posinset="2000"]');
    for (let turn = 0; turn < 200 && (await end.count()) === 0; turn++) {
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
      await page.evaluate(
        'new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
      );
    }
    await end.waitFor();
    assert.ok((await list.getByRole('listitem').count()) < 60);
  });

  test('a changed row changes in its place; a new one is offered and moves nothing', async () => {
    const page = await house.visit('/incidents');
    const list = page.getByRole('list', { name: 'Incidents' });
    await list.waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const first = list.getByRole('listitem').first();
    const before = await first.textContent();
    const healing = house.preview.rows.find(row => row.deviceName === 'PORTO-1014');
    assert.ok(healing);
    house.preview.change({ ...healing, state: 'healed', changedAt: new Date().toISOString() });
    await list
      .getByRole('link', { name: /PORTO-1014/ })
      .getByText('Healed')
      .waitFor();
    house.preview.change({
      ...healing,
      incidentId: '01932c3a-2000-7a10-8000-000000000001',
      deviceName: 'FRESH-0001',
      changedAt: new Date().toISOString(),
    });
    await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
    assert.equal(await first.textContent(), before);
    await page.getByRole('button', { name: 'Show 1 new' }).click();
    await list.getByRole('link', { name: /FRESH-0001/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: /Show \d+ new/ }).count(), 0);
  });

  test('what a device says is text, never markup', async () => {
    const page = await house.visit(house.addressOf('<img src=x onerror=alert(1)>'));
    await heading(page, /being healed now/);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.deepEqual(house.complaints, []);
  });

  test('loading shows the shape; an error says what is lost and heals by itself', async () => {
    house.preview.isSlow = true;
    const slow = await house.visit('/incidents');
    await slow.locator('[aria-busy="true"]').waitFor();
    house.preview.isSlow = false;
    house.preview.refusal = {
      status: 503,
      code: 'database-unavailable',
      message: 'The database does not answer.',
    };
    const page = await house.visit('/incidents');
    await heading(page, 'The server could not read the incidents');
    await page.getByText('Nothing is lost').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    house.preview.refusal = undefined;
    await page.getByRole('list', { name: 'Incidents' }).waitFor();
  });

  test('a refused permission names the role; an unknown incident and an unknown address lead on', async () => {
    house.preview.refusal = {
      status: 403,
      code: 'role-required',
      message: 'This needs the role operator.',
      role: 'operator',
    };
    const refused = await house.visit(house.addressOf('LAPTOP-4711'));
    await heading(refused, 'You may not see this incident');
    await refused.getByText('The role operator has this permission').waitFor();
    house.preview.refusal = undefined;
    const lost = await house.visit('/incidents/01932c3a-0000-7000-8000-000000000000');
    await heading(lost, 'There is no such incident');
    const nowhere = await house.visit('/no/such/place');
    await heading(nowhere, 'Nothing lives at this address');
    await nowhere.getByRole('link', { name: 'All incidents' }).click();
    await nowhere.getByRole('list', { name: 'Incidents' }).waitFor();
  });

  test('while the server is away the page stays readable, says so, and comes back by itself', async () => {
    const page = await house.visit('/incidents');
    await page.getByText('Live', { exact: true }).waitFor();
    house.preview.isAway = true;
    house.preview.cutStreams();
    await page.getByText('The server does not answer. What you see is from').waitFor();
    await page.getByRole('list', { name: 'Incidents' }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    house.preview.isAway = false;
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('a session that ends asks for the password over the page and goes on where it was', async () => {
    const page = await house.visit(house.addressOf('LAPTOP-4711'));
    await heading(page, /Windows started again/);
    await page.getByText('Live', { exact: true }).waitFor();
    house.preview.session = undefined;
    const row = house.preview.details[1]?.incident;
    assert.ok(row);
    house.preview.change(row);
    const dialog = page.getByRole('dialog', { name: 'Your session ended' });
    await dialog.waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await dialog.getByLabel('Password', { exact: true }).fill('wrong');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByText('do not fit together').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await heading(page, /Windows started again/);
  });

  test('signing in leads to the page that was asked for, and never to another site', async () => {
    house.preview.session = undefined;
    const wanted = `${house.addressOf('CAD-WS-0777')}?tab=facts`;
    const page = await house.visit(wanted);
    await heading(page, 'Sign in');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, /no known issue fits/);
    assert.equal(path(page), wanted);
    const tricked = await house.visit('/sign-in?to=//example.org/x');
    await tricked.waitForURL(`${house.url}/incidents`);
  });

  test('a one-time link leaves the address bar at once, makes the account once, and says so when it is dead', async () => {
    house.preview.session = undefined;
    const secret = '0123456789abcdef0123456789';
    house.preview.links.add(secret);
    const page = await house.visit(`/welcome#${secret}`);
    await heading(page, 'Welcome');
    assert.equal(path(page), '/welcome');
    await page.getByLabel('Name').fill('grace');
    await page.getByLabel('Password', { exact: true }).fill('too short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('3 more characters.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('long enough for this');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.waitForURL('**/incidents');
    await page.getByLabel('grace, menu').waitFor();

    const dead = await house.visit(`/welcome#${secret}`);
    await dead.getByLabel('Name').fill('mallory');
    await dead.getByLabel('Password', { exact: true }).fill('long enough for this');
    await dead.getByRole('button', { name: 'Make the account' }).click();
    await heading(dead, 'This link opens nothing any more');
    await dead.getByText('npm run -s bootmend -- user add').waitFor();
  });
});
