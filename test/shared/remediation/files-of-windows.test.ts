import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { inboxDrivers } from '../../../shared/remediation/files-of-windows.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { protectedPlaces } from '../../../shared/remediation/protected-places.ts';
import { simulateScript } from '../../../shared/remediation/simulate/simulate-script.ts';
import { signedFile } from '../portable-executable/signed-file.ts';
import { MemoryVolume } from './memory-volume.ts';

const drivers = 'W:\\Windows\\System32\\drivers';
const store = 'W:\\Windows\\System32\\DriverStore\\FileRepository';
const linkedAt = new Date('2024-06-04T00:00:00Z');
const plain = buildDriverFile({ version: '1.2.3.4', linkedAt });
const ofMicrosoft = buildDriverFile({ version: '10.0.1.1', linkedAt, company: 'Microsoft Corporation' });

const volume = new MemoryVolume({
  [`${drivers}\\usbhub3.sys`]: {},
  [`${drivers}\\ctfix.sys`]: { bytes: plain },
  [`${store}\\ctnew.inf_1\\ctnew.sys`]: { bytes: plain },
  [`${store}\\usbhub3.inf_1\\usbhub3.sys`]: { bytes: plain },
  [`${drivers}\\ctnew.sys`]: { bytes: ofMicrosoft },
  [`${drivers}\\ctsig.sys`]: { bytes: signedFile(plain, ['Microsoft Windows']) },
  [`${drivers}\\ctcut.sys`]: { bytes: plain.subarray(0, 0x620) },
  [`${drivers}\\ctheld.sys`]: { bytes: plain },
  'W:\\Windows\\System32\\ctlib.dll': { bytes: ofMicrosoft },
  [`${drivers}\\CrowdStrike\\C-00000291-1.sys`]: { bytes: Buffer.alloc(41_004, 0xaa) },
});
volume.makeUnreadable(`${drivers}\\ctheld.sys`);

function outcomeOf(text: string): string {
  const { script, diagnostics } = checkScript(text);
  if (!script) return `mistake ${diagnostics.map(({ code }) => code).join(' ')}`;
  const plan = planScript(script, volume, {});
  return plan.kind === 'plan' ? 'plan' : `${plan.kind} ${plan.code}`;
}
const root = String.raw`%SystemRoot%\System32\drivers`;
const word = ', including files of Windows';

describe('a line reaches a file of Windows only by its word', () => {
  const lines: Readonly<Record<string, string>> = {
    'a wildcard over files of everybody': `delete ${root}\\ct*.sys, at most 8 files`,
    'the company in its version resource': `delete ${root}\\ctnew.sys`,
    'the name in its signature': `rename ${root}\\ctsig.sys to ctsig.off`,
    'a file that ends too early': `delete ${root}\\ctcut.sys`,
    'a file that cannot be read': `delete ${root}\\ctheld.sys`,
    'a library outside of the drivers': String.raw`delete %SystemRoot%\System32\ctlib.dll`,
    'another way to the same folder': String.raw`delete %SystemDrive%\Windows\System32\DRIVERS\CTNEW.SYS`,
    'what a copy replaces': `copy ${root}\\ctfix.sys to ${root}\\ctnew.sys, replacing what is there`,
    'what a file that comes back replaces': `restore ${root}\\ctnew.sys from driver store`,
  };
  for (const [what, line] of Object.entries(lines))
    test(what, () => {
      assert.equal(outcomeOf(line), 'refused file-of-windows');
      assert.equal(outcomeOf(`in ${root}\n  delete ctnew.sys\n`), 'refused file-of-windows');
      assert.equal(outcomeOf(line + word), 'plan');
    });
});

test('drivers that come with Windows are known by name, also in pieces, and check tells', () => {
  for (const line of [
    `delete ${root}\\usbhub3.sys`,
    `delete ${root}\\USB*.sys, at most 4 files`,
    `rename ${root}\\usbhub3.sys to usbhub3.off`,
    String.raw`delete %SystemDrive%\windows\system32\Drivers\usb?ub3.sys`,
    `copy ${root}\\ctfix.sys to ${root}\\usbhub3.sys, replacing what is there`,
    `restore ${root}\\usbhub3.sys from driver store`,
  ]) {
    assert.equal(outcomeOf(line), 'mistake file-of-windows', line);
    assert.equal(outcomeOf(line + word), 'plan', line);
  }
});

test('files of others need no word, whatever they are called', () => {
  assert.equal(outcomeOf(`delete ${root}\\ctfix.sys`), 'plan');
  assert.equal(outcomeOf(`delete ${root}\\CrowdStrike\\C-00000291*.sys`), 'plan');
  assert.equal(outcomeOf(`copy ${root}\\ctnew.sys to ${root}\\ctcopy.sys`), 'plan');
});

test('the word opens no protected place', () => {
  assert.equal(outcomeOf(`delete ${root}\\ntfs.sys${word}`), 'mistake protected-place');
  assert.equal(outcomeOf(`delete ${root}\\*.sys${word}`), 'mistake matches-everything protected-place');
  const closed = new Set(protectedPlaces.flatMap(({ names = [] }) => names).map(name => name.toLowerCase()));
  assert.deepEqual(
    inboxDrivers.filter(name => closed.has(`system32\\drivers\\${name}`)),
    [],
  );
});

test('the plan says which file and why, explain what the word means, and recorded facts know names only', () => {
  const refused = planScript(checkScript(`delete ${root}\\ctnew.sys`).script!, volume, {});
  assert.ok(refused.kind === 'refused');
  assert.equal(
    refused.reason,
    `${drivers}\\ctnew.sys says that it is from Microsoft. Expected on the line: including files of Windows.`,
  );
  const { script } = checkScript(`delete ${root}\\ctnew.sys${word}`);
  assert.match(explainScript(script!).at(-1)!.sentence, /also where they belong to Windows\.$/);
  const facts = {
    'file.%systemroot%\\system32\\drivers\\ctnew.sys': {
      sizeBytes: 4,
      writtenAt: '2024-01-01T00:00:00.000Z',
    },
  };
  const simulated = simulateScript(checkScript(`delete ${root}\\ctnew.sys`).script!, {
    kind: 'facts',
    facts,
  });
  assert.equal(simulated.outcome, 'would-run');
});
