import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSoftwareHive, buildSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';
import type { Facts } from '../../../../shared/facts/facts.ts';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { simulateScript } from '../../../../shared/remediation/simulate/simulate-script.ts';
import { MemoryVolume } from '../memory-volume.ts';

const drivers = String.raw`%SystemRoot%\System32\drivers\Contoso`;
const folder = 'W:\\Windows\\System32\\drivers\\Contoso';

function volume(): MemoryVolume {
  const hive = buildSystemHive({
    computerName: 'LAPTOP-4711',
    drivers: [{ name: 'cntflt', start: 0 }],
    diskFilters: ['cntflt', 'other'],
  });
  return new MemoryVolume({
    'W:\\Windows\\System32\\config\\SYSTEM': { bytes: new Uint8Array(hive) },
    [`${folder}\\bad-1.sys`]: { sizeBytes: 100, writtenAt: '2024-07-19T04:09:33Z' },
    [`${folder}\\bad-2.sys`]: { sizeBytes: 200, writtenAt: '2024-07-19T04:10:00Z' },
    [`${folder}\\contoso.sys`]: { sizeBytes: 300 },
    [`${folder}\\contoso.bak`]: { sizeBytes: 400 },
  });
}

const scriptOf = (text: string) => {
  const { script, diagnostics } = checkScript(text);
  assert.deepEqual(diagnostics, []);
  return script!;
};
const onVolume = (text: string, facts: Facts = {}, on = volume()) =>
  simulateScript(scriptOf(text), { kind: 'volume', volume: on, facts });
const onFacts = (text: string, facts: Facts) => simulateScript(scriptOf(text), { kind: 'facts', facts });

describe('on a volume', () => {
  test('files and values before and after, and what the checks would find', () => {
    const on = volume();
    const before = on.paths();
    const result = onVolume(
      [
        'require crash code is 0x50',
        '',
        `in ${drivers}`,
        '  delete bad-*.sys',
        '  delete contoso.sys',
        '  rename contoso.bak to contoso.sys',
        '',
        'disable driver cntflt, removing filter entries',
        '',
        'verify no filter names cntflt',
        `verify file ${drivers}\\contoso.sys size 400 bytes`,
        'reboot',
        '',
      ].join('\n'),
      { 'crash.code': '0x50' },
      on,
    );
    assert.equal(result.outcome, 'would-run');
    assert.equal(result.sentence, 'It would run and change 6 things, then restart the machine.');
    assert.deepEqual(
      result.guards.map(({ line, verdict }) => [line, verdict]),
      [[1, 'held']],
    );
    assert.deepEqual(
      result.differences.map(one =>
        one.kind === 'file'
          ? [one.line, one.path.slice(folder.length + 1), one.toPath?.slice(folder.length + 1)]
          : one.kind === 'registry-value' && [one.line, one.name, one.before, one.after],
      ),
      [
        [4, 'bad-1.sys', undefined],
        [4, 'bad-2.sys', undefined],
        [5, 'contoso.sys', undefined],
        [6, 'contoso.bak', 'contoso.sys'],
        [8, 'UpperFilters', 'REG_MULTI_SZ "partmgr", "cntflt", "other"', 'REG_MULTI_SZ "partmgr", "other"'],
        [8, 'Start', 'REG_DWORD 0', 'REG_DWORD 4'],
      ],
    );
    assert.deepEqual(
      result.proofs.map(({ verdict }) => verdict),
      ['held', 'held', 'held', 'held', 'held', 'held'],
    );
    assert.deepEqual(on.paths(), before);
  });

  test('a package is absent behind the line that lets DISM remove it', () => {
    const identity = 'Package_for_KB5021233~31bf3856ad364e35~amd64~~22621.963.1.6';
    const packages = [{ name: identity, state: 0x70 }];
    const hive = buildSoftwareHive({ build: 22621, revision: 963, machineGuid: '0', packages });
    const on = volume();
    on.put('W:\\Windows\\System32\\config\\SOFTWARE', { bytes: new Uint8Array(hive) });
    const removing = (proof: string) =>
      onVolume(
        [
          'remediation "Take the update back"',
          '  risk medium',
          '',
          'require crash code is 0x50',
          '',
          `remove package ${identity}, accepting no undo`,
          '',
          proof,
          '',
        ].join('\n'),
        { 'crash.code': '0x50' },
        on,
      );
    const right = removing(`verify package ${identity} is absent`);
    assert.deepEqual(
      [right.outcome, ...right.proofs.map(({ verdict }) => verdict)],
      ['would-run', 'unknown', 'held'],
    );
    assert.equal(removing(`verify package ${identity} is installed`).outcome, 'would-be-undone');
  });

  test('a check that would not hold is told before anything runs', () => {
    const result = onVolume(`delete ${drivers}\\bad-1.sys\n\nverify no file ${drivers}\\bad-*.sys\n`);
    assert.equal(result.outcome, 'would-be-undone');
    assert.equal(result.proofs.at(-1)?.verdict, 'failed');
  });

  test('why it would not run', () => {
    const outcomeOf = (text: string) => {
      const { outcome, code, differences } = onVolume(text);
      assert.deepEqual(differences, []);
      return [outcome, code];
    };
    assert.deepEqual(outcomeOf(`require file ${drivers}\\no.sys\n\ndelete ${drivers}\\bad-1.sys\n`), [
      'not-applicable',
      'guard-failed',
    ]);
    assert.deepEqual(outcomeOf(`require crash code is 0x50\n\ndelete ${drivers}\\bad-1.sys\n`), [
      'not-applicable',
      'guard-unknown',
    ]);
    assert.deepEqual(outcomeOf(`delete ${drivers}\\absent.sys\n`), ['nothing-to-do', 'no-match']);
    assert.deepEqual(outcomeOf(`delete ${drivers}\\bad-*.sys, at most 1 file\n`), [
      'refused',
      'too-many-files',
    ]);
  });
});

describe('on recorded facts', () => {
  const file = {
    [`file.${drivers.toLowerCase()}\\bad-1.sys`]: { sizeBytes: 100, writtenAt: '2024-07-19T04:09:33.000Z' },
  };
  const searched = { [`searched.${drivers.toLowerCase()}\\**`]: { files: 1 } };

  test('what is recorded is planned, and what is not is said', () => {
    const result = onFacts(`delete ${drivers}\\bad-*.sys\n`, file);
    assert.equal(result.outcome, 'would-run');
    assert.match(result.sentence, /there may be more/);
    assert.deepEqual(result.unknownPlaces, ['C:\\Windows\\System32\\drivers\\Contoso\\bad-*.sys']);
    assert.deepEqual(
      result.proofs.map(({ verdict }) => verdict),
      ['unknown'],
    );
  });

  test('a search makes absence known', () => {
    const result = onFacts(`delete ${drivers}\\bad-*.sys\n`, { ...file, ...searched });
    assert.deepEqual([result.outcome, result.unknownPlaces], ['would-run', []]);
    assert.equal(onFacts(`delete ${drivers}\\other.sys\n`, searched).outcome, 'nothing-to-do');
    assert.equal(onFacts(`delete ${drivers}\\other.sys\n`, {}).outcome, 'unknown');
  });

  test('what only the volume knows is unknown, what facts refute is not', () => {
    assert.equal(onFacts('disable driver cntflt, removing filter entries\n', file).outcome, 'unknown');
    const asks = (guard: string, facts: Facts) =>
      onFacts(`require ${guard}\n\ndelete ${drivers}\\bad-1.sys\n`, { ...file, ...facts });
    assert.equal(asks('crash code is 0x50', { 'crash.code': '0x7e' }).outcome, 'not-applicable');
    assert.equal(asks('crash code is 0x50', {}).outcome, 'unknown');
    assert.equal(asks(`no file ${drivers}\\good.sys`, {}).outcome, 'unknown');
    assert.equal(asks(`no file ${drivers}\\good.sys`, searched).outcome, 'would-run');
  });
});
