import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Facts } from '../../../shared/facts/facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { MemoryVolume } from './memory-volume.ts';

const folder = 'W:\\Windows\\System32\\drivers\\Contoso';

function planOf(text: string, volume: MemoryVolume, facts: Facts = {}) {
  const { script, diagnostics } = checkScript(text);
  assert.deepEqual(diagnostics, []);
  const before = volume.paths();
  const plan = planScript(script!, volume, facts);
  assert.deepEqual(volume.paths(), before, 'a plan changes nothing');
  return plan;
}

/** What a plan would do, one word and path a line; or why not. */
function shown(text: string, volume: MemoryVolume, facts?: Facts): string[] {
  const plan = planOf(text, volume, facts);
  if (plan.kind !== 'plan') return [`${plan.kind} ${plan.code} line ${plan.line}`];
  return plan.steps.flatMap(step =>
    step.changes.map(({ kind, path, toPath }) => [kind, path, ...(toPath ? [toPath] : [])].join(' ')),
  );
}

describe('files', () => {
  test('the one-liner of the design is a plan', () => {
    const channel = 'W:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000032.sys';
    const volume = new MemoryVolume({ [channel]: { sizeBytes: 41_004, writtenAt: '2024-07-19T04:09:23Z' } });
    const plan = planOf(String.raw`delete %SystemRoot%\System32\drivers\CrowdStrike\C-00000291*.sys`, volume);
    assert.deepEqual(plan, {
      kind: 'plan',
      steps: [
        {
          line: 1,
          action: 'delete',
          changes: [
            {
              kind: 'delete',
              path: channel,
              sizeBytes: 41_004,
              writtenAtMs: Date.parse('2024-07-19T04:09:23Z'),
            },
          ],
        },
      ],
      reboot: false,
    });
  });

  test('tell and reboot travel with the plan', () => {
    const volume = new MemoryVolume({ [`${folder}\\bad.sys`]: {} });
    const text = String.raw`remediation "x"
  tell "Almost done."

delete %SystemRoot%\System32\drivers\Contoso\bad.sys

reboot
`;
    const plan = planOf(text, volume);
    assert.ok(plan.kind === 'plan' && plan.reboot && plan.tell === 'Almost done.');
  });

  test('a window is half-open: 04:09:00 belongs to it, 05:27:00 does not', () => {
    const times = ['04:08:59.999', '04:09:00.000', '05:26:59.999', '05:27:00.000'];
    const volume = new MemoryVolume();
    for (const time of times)
      volume.put(`${folder}\\bad-${time.replaceAll(':', '')}.sys`, { writtenAt: `2024-07-19T${time}Z` });
    const text = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys, written from 2024-07-19 04:09 UTC until 2024-07-19 05:27 UTC`;
    assert.deepEqual(shown(text, volume), [
      `delete ${folder}\\bad-040900.000.sys`,
      `delete ${folder}\\bad-052659.999.sys`,
    ]);
  });

  test('sizes are half-open ranges or exact', () => {
    const volume = new MemoryVolume();
    for (const sizeBytes of [1023, 1024, 2047, 2048])
      volume.put(`${folder}\\bad-${sizeBytes}.sys`, { sizeBytes });
    const sized = (size: string) =>
      shown(String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys, size ${size}`, volume).map(
        line => line.replace(/\D+/, '').replaceAll(/\D/g, ''),
      );
    assert.deepEqual(sized('from 1 KB until 2 KB'), ['321024', '322047']);
    assert.deepEqual(sized('2048 bytes'), ['322048']);
    assert.deepEqual(sized('below 1 KB'), ['321023']);
    assert.deepEqual(sized('at least 2 KB'), ['322048']);
  });

  test('case does not matter, and paths are spelled as the volume spells them', () => {
    const volume = new MemoryVolume({ [`${folder}\\BAD-1.SYS`]: {} });
    assert.deepEqual(shown(String.raw`delete %systemroot%\SYSTEM32\Drivers\contoso\bad-?.sys`, volume), [
      `delete ${folder}\\BAD-1.SYS`,
    ]);
  });

  test('Windows lies where it was found', () => {
    const volume = new MemoryVolume({ 'W:\\WINNT\\System32\\bad.sys': {} }, 'W:\\WINNT');
    assert.deepEqual(shown(String.raw`delete %SystemRoot%\System32\bad.sys`, volume), [
      'delete W:\\WINNT\\System32\\bad.sys',
    ]);
  });

  test('nothing that fits is nothing to do, never success', () => {
    const text = `in %SystemRoot%\\System32\\drivers\\Contoso\n  delete bad-*.sys\n  rename old.sys to old.off\n\nreboot\n`;
    assert.deepEqual(shown(text, new MemoryVolume()), ['nothing-to-do no-match line 2']);
    assert.deepEqual(shown(text, new MemoryVolume({ [`${folder}\\good.sys`]: {} })), [
      'nothing-to-do no-match line 2',
    ]);
  });

  test('a step without files stands beside one with files', () => {
    const volume = new MemoryVolume({ [`${folder}\\old.sys`]: {} });
    const text = `in %SystemRoot%\\System32\\drivers\\Contoso\n  delete bad-*.sys\n  rename old.sys to old.off\n`;
    assert.deepEqual(shown(text, volume), [`rename ${folder}\\old.sys ${folder}\\old.off`]);
  });
});

describe('limits', () => {
  const many = (count: number, sizeBytes = 1) => {
    const volume = new MemoryVolume();
    for (let i = 0; i < count; i++) volume.put(`${folder}\\bad-${i}.sys`, { sizeBytes });
    return volume;
  };
  const line = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys`;

  test('a wildcard means at most 16 files', () => {
    assert.equal(shown(line, many(16)).length, 16);
    assert.deepEqual(shown(line, many(17)), ['refused too-many-files line 1']);
  });

  test('at most N files', () => {
    assert.equal(shown(`${line}, at most 4 files`, many(4)).length, 4);
    assert.deepEqual(shown(`${line}, at most 4 files`, many(5)), ['refused too-many-files line 1']);
    assert.equal(shown(`${line}, at most 40 files`, many(40)).length, 40);
  });

  test('at most N MB', () => {
    const half = 512 * 1024;
    assert.equal(shown(`${line}, at most 1 MB`, many(2, half)).length, 2);
    assert.deepEqual(shown(`${line}, at most 1 MB`, many(3, half)), ['refused too-many-bytes line 1']);
  });

  test('one step too many refuses the whole plan', () => {
    const volume = many(17);
    volume.put(`${folder}\\old.sys`);
    const text = `rename %SystemRoot%\\System32\\drivers\\Contoso\\old.sys to old.off\n${line}\n`;
    assert.deepEqual(shown(text, volume), ['refused too-many-files line 2']);
  });
});

describe('links, short names, folders', () => {
  const line = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys`;

  test('a link on the way is not followed', () => {
    const volume = new MemoryVolume({ [folder]: { kind: 'link' } });
    assert.deepEqual(shown(line, volume), ['refused link-on-path line 1']);
    const above = new MemoryVolume({ 'W:\\Windows\\System32': { kind: 'link' } });
    assert.deepEqual(shown(line, above), ['refused link-on-path line 1']);
  });

  test('links and folders never fit a wildcard, and are refused by name', () => {
    const volume = new MemoryVolume({
      [`${folder}\\bad-1.sys`]: { kind: 'link' },
      [`${folder}\\bad-2.sys`]: { kind: 'directory' },
    });
    assert.deepEqual(shown(line, volume), ['nothing-to-do no-match line 1']);
    const named = (name: string) => shown(line.replace('bad-*.sys', name), volume);
    assert.deepEqual(named('bad-1.sys'), ['refused link-on-path line 1']);
    assert.deepEqual(named('bad-2.sys'), ['refused not-a-file line 1']);
  });

  test('a short name is refused unless it is the real name', () => {
    const volume = new MemoryVolume({ [`${folder}\\long name.sys`]: {}, [`${folder}\\real~1.sys`]: {} });
    volume.alias(`${folder}\\LONGNA~1.SYS`, `${folder}\\long name.sys`);
    volume.alias('W:\\Windows\\SYSTEM~1', 'W:\\Windows\\System32');
    const named = (path: string) => shown(`delete %SystemRoot%\\${path}`, volume);
    assert.deepEqual(named(String.raw`System32\drivers\Contoso\LONGNA~1.SYS`), ['refused short-name line 1']);
    assert.deepEqual(named(String.raw`SYSTEM~1\drivers\Contoso\real~1.sys`), ['refused short-name line 1']);
    assert.deepEqual(named(String.raw`System32\drivers\Contoso\real~1.sys`), [
      `delete ${folder}\\real~1.sys`,
    ]);
  });

  test('a file in place of a folder and a folder that cannot be listed are refused', () => {
    assert.deepEqual(shown(line, new MemoryVolume({ [folder]: {} })), ['refused not-a-folder line 1']);
    const volume = new MemoryVolume({ [`${folder}\\bad-1.sys`]: {} });
    volume.makeUnreadable(folder);
    assert.deepEqual(shown(line, volume), ['refused unreadable-folder line 1']);
  });
});

describe('protected places', () => {
  test('what the text does not show is refused on the resolved path', () => {
    const volume = new MemoryVolume({ 'W:\\WINNT\\System32\\ntoskrnl.exe': {} }, 'W:\\WINNT');
    assert.deepEqual(shown(String.raw`delete %SystemDrive%\WINNT\System32\ntoskrnl.exe`, volume), [
      'refused protected-place line 1',
    ]);
    assert.deepEqual(shown(String.raw`delete %SystemDrive%\WINNT\System32\ntos*.exe`, volume), [
      'refused protected-place line 1',
    ]);
  });
});

describe('rename', () => {
  const swap = `in %SystemRoot%\\System32\\drivers\\Contoso
  delete contoso.sys
  rename contoso.bak to contoso.sys
`;

  test('a new name that is taken refuses the plan', () => {
    const volume = new MemoryVolume({ [`${folder}\\a.sys`]: {}, [`${folder}\\b.sys`]: {} });
    const line = String.raw`rename %SystemRoot%\System32\drivers\Contoso\a.sys to b.sys`;
    assert.deepEqual(shown(line, volume), ['refused target-exists line 1']);
  });

  test('a name that an earlier step frees can be taken', () => {
    const volume = new MemoryVolume({ [`${folder}\\contoso.sys`]: {}, [`${folder}\\contoso.bak`]: {} });
    assert.deepEqual(shown(swap, volume), [
      `delete ${folder}\\contoso.sys`,
      `rename ${folder}\\contoso.bak ${folder}\\contoso.sys`,
    ]);
  });

  test('no file is changed by two lines, and no name given twice', () => {
    const volume = new MemoryVolume({ [`${folder}\\a.sys`]: {}, [`${folder}\\b.sys`]: {} });
    const body = (...lines: string[]) =>
      `in %SystemRoot%\\System32\\drivers\\Contoso\n${lines.map(line => `  ${line}\n`).join('')}`;
    assert.deepEqual(shown(body('delete a*.sys', 'delete a.sys'), volume), ['refused changed-twice line 3']);
    assert.deepEqual(shown(body('rename a.sys to c.sys', 'rename b.sys to c.sys'), volume), [
      'refused target-exists line 3',
    ]);
  });
});

describe('guards', () => {
  const act = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad.sys`;
  const volume = new MemoryVolume({
    [`${folder}\\bad.sys`]: { writtenAt: '2024-07-19T04:09:00Z', sizeBytes: 4096 },
  });
  const facts: Facts = {
    'driver.contoso.version': '7.11.0.0',
    'crash.module': 'contoso.sys',
    'crash.code': '0x50',
    'os.build': 22_631,
  };
  const verdictOf = (guard: string, given: Facts = facts) => {
    const plan = planOf(`${guard}\n\n${act}\n`, volume, given);
    return plan.kind === 'not-applicable' ? plan.code : plan.kind;
  };
  const table: readonly (readonly [guard: string, known: string, unknown: string])[] = [
    ['require driver contoso version at least 7.11', 'plan', 'guard-unknown'],
    ['require driver CONTOSO version 7.11', 'plan', 'guard-unknown'],
    ['require driver contoso version below 7.11', 'guard-failed', 'guard-unknown'],
    ['require driver contoso version from 7.11 until 7.12', 'plan', 'guard-unknown'],
    ['require driver contoso version from 7.10 until 7.11', 'guard-failed', 'guard-unknown'],
    ['require driver contoso version at least 7.9', 'plan', 'guard-unknown'],
    ['require crash module is Contoso.sys', 'plan', 'guard-unknown'],
    ['require crash module is other.sys', 'guard-failed', 'guard-unknown'],
    ['require crash code is 0x00000050', 'plan', 'guard-unknown'],
    ['require crash code is 0x7e', 'guard-failed', 'guard-unknown'],
    ['require windows build 22631', 'plan', 'guard-unknown'],
    ['require windows build below 22631', 'guard-failed', 'guard-unknown'],
    [String.raw`require file %SystemRoot%\System32\drivers\Contoso\b?d.sys`, 'plan', 'plan'],
    [
      String.raw`require no file %SystemRoot%\System32\drivers\Contoso\b?d.sys`,
      'guard-failed',
      'guard-failed',
    ],
    [
      String.raw`require no file %SystemRoot%\System32\drivers\Contoso\b*.sys written from 2024-07-19 04:09:01 UTC`,
      'plan',
      'plan',
    ],
    [
      String.raw`require file %SystemRoot%\System32\drivers\Contoso\b*.sys, written until 2024-07-19 04:09 UTC`,
      'guard-failed',
      'guard-failed',
    ],
    [String.raw`require file %SystemRoot%\System32\drivers\Contoso\b*.sys size 4 KB`, 'plan', 'plan'],
  ];
  for (const [guard, known, unknown] of table)
    test(guard, () => {
      assert.equal(verdictOf(guard), known);
      assert.equal(verdictOf(guard, {}), unknown);
    });

  test('any of and all of are three-valued', () => {
    const held = 'windows build 22631';
    const failed = 'windows build 1';
    const unknown = 'driver nobody version at least 1';
    const group = (kind: string, ...conditions: string[]) =>
      verdictOf(`require ${kind} of\n${conditions.map(one => `  ${one}`).join('\n')}`);
    assert.equal(group('any', failed, unknown, held), 'plan');
    assert.equal(group('any', failed, unknown), 'guard-unknown');
    assert.equal(group('any', failed, failed), 'guard-failed');
    assert.equal(group('all', held, held), 'plan');
    assert.equal(group('all', held, unknown), 'guard-unknown');
    assert.equal(group('all', held, unknown, failed), 'guard-failed');
    assert.equal(verdictOf(`require any of\n  ${failed}\n  all of\n    ${held}\n    ${held}`), 'plan');
  });

  test('no file is unknown where the folder cannot be looked at', () => {
    const linked = new MemoryVolume({ [`${folder}\\bad.sys`]: {}, 'W:\\Program Files': { kind: 'link' } });
    const text = String.raw`require no file %ProgramFiles%\Contoso\new.dll` + `\n\n${act}\n`;
    assert.deepEqual(shown(text, linked), ['not-applicable guard-unknown line 1']);
  });

  test('the reason names the value and the line', () => {
    const plan = planOf(`# why\nrequire driver contoso version below 2\n\n${act}\n`, volume, facts);
    assert.deepEqual(plan, {
      kind: 'not-applicable',
      code: 'guard-failed',
      line: 2,
      reason: 'Driver contoso has version 7.11.0.0.',
    });
  });
});
