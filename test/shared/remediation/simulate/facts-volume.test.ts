import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { planScript } from '../../../../shared/remediation/plan-script.ts';
import { FactsVolume } from '../../../../shared/remediation/simulate/facts-volume.ts';

const folder = '%systemroot%\\system32\\drivers\\contoso';
const bad = {
  [`file.${folder}\\bad-1.sys`]: { sizeBytes: 100, writtenAt: '2024-07-19T04:09:33.000Z' },
};
const whole = { [`searched.${folder}\\*`]: { files: 1 } };
const path = String.raw`%SystemRoot%\System32\drivers\Contoso`;

const plan = (script: string, facts: Record<string, object>) => {
  const checked = checkScript(script);
  assert.deepEqual(checked.diagnostics, []);
  const volume = new FactsVolume(facts as ConstructorParameters<typeof FactsVolume>[0]);
  return { result: planScript(checked.script!, volume, {}), open: volume.openPaths };
};

describe('a volume as facts tell of it', () => {
  test('a reported file is planned, and that there may be more is remembered', () => {
    const { result, open } = plan(`delete ${path}\\bad-*.sys\n`, bad);
    assert.equal(result.kind, 'plan');
    assert.deepEqual(result.kind === 'plan' && result.steps[0]?.changes.map(change => change.path), [
      'C:\\Windows\\System32\\drivers\\Contoso\\bad-1.sys',
    ]);
    assert.deepEqual(open, ['C:\\Windows\\System32\\drivers\\Contoso\\bad-*.sys']);
  });

  test('where a search looked, absence is known', () => {
    const guarded = `require no file ${path}\\good.sys\n\ndelete ${path}\\bad-*.sys\n`;
    assert.deepEqual(plan(guarded, { ...bad, ...whole }).open, []);
    assert.equal(plan(guarded, { ...bad, ...whole }).result.kind, 'plan');
    const { result } = plan(guarded, bad);
    assert.equal(result.kind === 'not-applicable' && result.code, 'guard-unknown');
  });

  test('a search for what is newer covers only what is newer', () => {
    const since = { [`searched.${folder}\\**`]: { files: 1, writtenSince: '2024-07-19T00:00:00.000Z' } };
    const guard = (from: string) =>
      plan(`require no file ${path}\\good.sys written from ${from} UTC\n\ndelete ${path}\\bad-*.sys\n`, {
        ...bad,
        ...since,
      }).result.kind;
    assert.equal(guard('2024-07-19 05:00'), 'plan');
    assert.equal(guard('2024-07-18 05:00'), 'not-applicable');
  });

  test('a file that facts name proves itself; hives and versions stay unknown', () => {
    const kindOf = (guard: string) => {
      const { result } = plan(`require ${guard}\n\ndelete ${path}\\bad-*.sys\n`, bad);
      return result.kind === 'not-applicable' ? result.code : result.kind;
    };
    assert.equal(kindOf(`file ${path}\\bad-1.sys`), 'plan');
    assert.equal(kindOf(`no file ${path}\\bad-1.sys`), 'guard-failed');
    assert.equal(kindOf(`file ${path}\\bad-1.sys version at least 1`), 'guard-unknown');
    assert.equal(kindOf('driver cntflt is boot-start'), 'guard-unknown');
  });
});
