import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { CompiledRule, Condition, FileCondition } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { listFindings } from '../../../shared/rules/evaluation.ts';
import { isOpenPlace } from '../../../shared/rules/probes.ts';

const ruleOf = (when: Condition): CompiledRule => ({
  id: 'r',
  title: 'R',
  priority: 1,
  confidence: 'high',
  when,
});
const verdictOf = (when: Condition, facts: Facts) => evaluateRule(ruleOf(when), facts).verdict;

describe('single conditions', () => {
  const cases: readonly (readonly [Condition, held: Facts, failed: Facts])[] = [
    [
      { kind: 'equals', fact: 'crash.module', oneOf: ['csagent.sys'] },
      { 'crash.module': 'CSAGENT.sys' },
      { 'crash.module': 'x.sys' },
    ],
    [
      { kind: 'equals', fact: 'crash.code', oneOf: ['0x00000050'] },
      { 'crash.code': '0x50' },
      { 'crash.code': '0x7e' },
    ],
    [
      { kind: 'equals', fact: 'os.build', oneOf: [22_631, 22_621] },
      { 'os.build': 22_631 },
      { 'os.build': 19_045 },
    ],
    [
      { kind: 'equals', fact: 'driver.a.version', oneOf: ['7.11'] },
      { 'driver.a.version': '7.11.0.0' },
      { 'driver.a.version': '7.11.1' },
    ],
    [
      { kind: 'glob', fact: 'bootlog.lastLoaded', pattern: 'cs*.sys' },
      { 'bootlog.lastLoaded': 'CSAgent.sys' },
      { 'bootlog.lastLoaded': 'a.sys' },
    ],
    [
      { kind: 'number', fact: 'os.build', range: { from: 22_000, until: 22_631 } },
      { 'os.build': 22_000 },
      { 'os.build': 22_631 },
    ],
    [
      { kind: 'hex', fact: 'crash.offset', range: { from: '0xe14ed', until: '0xe14ee' } },
      { 'crash.offset': '0xe14ed' },
      { 'crash.offset': '0xe14ee' },
    ],
    [
      { kind: 'version', fact: 'driver.a.version', range: { from: '7.11' } },
      { 'driver.a.version': '7.15.18513.0' },
      { 'driver.a.version': '7.9' },
    ],
    [
      {
        kind: 'instant',
        fact: 'crash.capturedAt',
        range: { from: '2024-07-19T04:09:00Z', until: '2024-07-19T05:27:00Z' },
      },
      { 'crash.capturedAt': '2024-07-19T04:09:00.000Z' },
      { 'crash.capturedAt': '2024-07-19T05:27:00.000Z' },
    ],
  ];
  for (const [condition, held, failed] of cases)
    test(`${condition.kind} ${'fact' in condition ? condition.fact : ''}`, () => {
      const not: Condition = { kind: 'not', condition };
      assert.deepEqual([verdictOf(condition, held), verdictOf(not, held)], ['matched', 'failed']);
      assert.deepEqual([verdictOf(condition, failed), verdictOf(not, failed)], ['failed', 'matched']);
      assert.deepEqual([verdictOf(condition, {}), verdictOf(not, {})], ['unknown', 'unknown']);
    });

  test('a fact that was not reported is never known to be absent', () => {
    const exists: Condition = { kind: 'exists', fact: 'crash.module' };
    assert.equal(verdictOf(exists, { 'crash.module': 'a.sys' }), 'matched');
    assert.equal(verdictOf({ kind: 'not', condition: exists }, {}), 'unknown');
  });

  test('an empty rule and a range without ends match nothing', () => {
    assert.equal(verdictOf({ kind: 'all', conditions: [] }, { 'os.build': 1 }), 'unknown');
    assert.equal(verdictOf({ kind: 'any', conditions: [] }, { 'os.build': 1 }), 'unknown');
    assert.equal(
      verdictOf({ kind: 'not', condition: { kind: 'any', conditions: [] } }, { 'os.build': 1 }),
      'unknown',
    );
    assert.equal(verdictOf({ kind: 'number', fact: 'os.build', range: {} }, { 'os.build': 1 }), 'unknown');
  });
});

describe('files', () => {
  const folder = String.raw`%systemroot%\system32\drivers\crowdstrike`;
  const path = String.raw`%SystemRoot%\System32\drivers\CrowdStrike\C-00000291*.sys`;
  const bad: FileCondition = {
    kind: 'file',
    path,
    written: { from: '2024-07-19T04:09:00Z', until: '2024-07-19T05:27:00Z' },
  };
  const newer: FileCondition = { kind: 'file', path, written: { from: '2024-07-19T05:27:00Z' } };
  const seen = (time: string): Facts => ({
    [`file.${folder}\\c-00000291-${time.replaceAll(':', '')}.sys`]: {
      sizeBytes: 41_004,
      writtenAt: `2024-07-19T${time}.000Z`,
    },
  });
  const searched = (place: string, writtenSince?: string): Facts => ({
    [`searched.${place}`]: { files: 9, ...(writtenSince && { writtenSince }) },
  });

  test('the window of the vendor: 04:09:00 is bad, 05:27:00 is good', () => {
    const all = searched(`${folder}\\*`);
    const verdicts = ['04:08:59', '04:09:00', '05:26:59', '05:27:00'].map(time =>
      verdictOf(bad, { ...seen(time), ...all }),
    );
    assert.deepEqual(verdicts, ['failed', 'matched', 'matched', 'failed']);
  });

  test('not seen is unknown without a search', () => {
    assert.equal(verdictOf(bad, {}), 'unknown');
    assert.equal(verdictOf(bad, seen('03:00:00')), 'unknown');
    assert.equal(verdictOf({ kind: 'not', condition: newer }, seen('04:10:00')), 'unknown');
  });

  test('not seen is absent where a search covers it', () => {
    const covering = [
      searched(`${folder}\\*`),
      searched(`${folder}\\**`),
      searched(String.raw`%systemroot%\system32\drivers\**`),
      searched(path.toLowerCase()),
      searched(`${folder}\\*`, '2024-07-19T04:09:00.000Z'),
      searched(String.raw`%systemroot%\system32\drivers\**`, '2024-07-18T00:00:00.000Z'),
    ];
    for (const search of covering) assert.equal(verdictOf(bad, search), 'failed', JSON.stringify(search));
    const elsewhere = [
      searched(`${folder}\\*`, '2024-07-19T04:09:01.000Z'),
      searched(String.raw`%systemroot%\system32\drivers\*`),
      searched(String.raw`%systemroot%\system32\drivers\crowd\**`),
      searched(`${folder}\\c-00000290*.sys`),
      searched(String.raw`%systemroot%\system32\driver\**`),
    ];
    for (const search of elsewhere) assert.equal(verdictOf(bad, search), 'unknown', JSON.stringify(search));
  });

  test('a search since an instant settles only what is asked from then on', () => {
    const since = searched(`${folder}\\*`, '2024-07-19T05:00:00.000Z');
    assert.equal(verdictOf(newer, since), 'failed');
    assert.equal(verdictOf(bad, since), 'unknown');
    assert.equal(verdictOf({ kind: 'file', path }, since), 'unknown', 'no window: an old file may be there');
    assert.equal(verdictOf({ ...bad, written: { until: '2024-07-19T05:27:00Z' } }, since), 'unknown');
  });

  test('a hash that was not reported is unknown, sizes are ranges', () => {
    const hash = 'ab'.repeat(32);
    const facts = seen('04:10:00');
    assert.equal(verdictOf({ ...bad, sha256: [hash] }, facts), 'unknown');
    const [name, file] = Object.entries(facts)[0]!;
    assert.equal(
      verdictOf({ ...bad, sha256: [hash] }, { [name]: { ...(file as object), sha256: hash } as never }),
      'matched',
    );
    assert.equal(verdictOf({ ...bad, sizeBytes: { from: 41_004, until: 41_005 } }, facts), 'matched');
    assert.equal(
      verdictOf({ ...bad, sizeBytes: { until: 41_004 } }, { ...facts, ...searched(`${folder}\\*`) }),
      'failed',
    );
  });

  test('an evaluation explains itself and asks for what it does not know', () => {
    const driver: Condition = { kind: 'version', fact: 'driver.csagent.version', range: { from: '7.11' } };
    const rule = ruleOf({ kind: 'all', conditions: [driver, bad, { kind: 'not', condition: newer }] });
    const unknown = evaluateRule(rule, {});
    assert.deepEqual(unknown.probes, [
      { kind: 'driver-version', driver: 'csagent' },
      { kind: 'files', glob: path },
    ]);
    const known = evaluateRule(rule, {
      ...seen('04:10:00'),
      ...searched(`${folder}\\*`),
      'driver.csagent.version': '7.15.0.0',
    });
    assert.equal(known.verdict, 'matched');
    assert.deepEqual(known.probes, []);
    assert.deepEqual(listFindings(known.finding), [
      {
        kind: 'condition',
        verdict: 'held',
        sentence: 'Version of driver csagent is 7.11 or newer.',
        value: '7.15.0.0',
        evidence: 'PE version resource',
      },
      {
        kind: 'condition',
        verdict: 'held',
        sentence: String.raw`There is a file C-00000291*.sys in %SystemRoot%\System32\drivers\CrowdStrike, written from 2024-07-19 04:09:00 UTC until 2024-07-19 05:27:00 UTC.`,
        value: 'c-00000291-041000.sys, 41004 bytes, written 2024-07-19 04:10:00 UTC',
        evidence: 'directory listing',
      },
      {
        kind: 'condition',
        verdict: 'held',
        sentence: String.raw`There is no file C-00000291*.sys in %SystemRoot%\System32\drivers\CrowdStrike, written at 2024-07-19 05:27:00 UTC or later.`,
        value: 'c-00000291-041000.sys, 41004 bytes, written 2024-07-19 04:10:00 UTC',
        evidence: 'directory listing',
      },
    ]);
  });
});

test('only places of software are asked for, never files of people', () => {
  const open = [
    String.raw`%SystemRoot%\System32\drivers\CrowdStrike\C-00000291*.sys`,
    String.raw`%SystemRoot%\bad.dll`,
    String.raw`%ProgramFiles%\Contoso\bad*.dll`,
    String.raw`%ProgramData%\Contoso\content\*.dat`,
  ];
  const closed = [
    '%SystemRoot%\\NTDS\\*.dit',
    '%SystemRoot%\\SYSVOL\\domain\\Policies\\*.inf',
    '%ProgramData%\\Microsoft\\Vault\\x\\*.vcrd',
    String.raw`%SystemDrive%\Users\ada\secret.docx`,
    String.raw`%SystemDrive%\pagefile.sys`,
    String.raw`%ProgramData%\plans.txt`,
    String.raw`%ProgramFiles%\*\x.dll`,
    String.raw`%SystemRoot%\System32\config\SAM`,
    String.raw`%SystemRoot%\ServiceProfiles\LocalService\NTUSER.DAT`,
    String.raw`%SystemRoot%\System32\..\..\Users\ada\x`,
    String.raw`%SystemRoot%\System32\drivers\*`,
    String.raw`%ProgramData%\Bootmend\journal`,
    String.raw`%SystemRoot%\SERVIC~1\x.dat`,
    String.raw`C:\Windows\bad.sys`,
    `%SystemRoot%\\${'a'.repeat(300)}`,
  ];
  for (const glob of open) assert.ok(isOpenPlace(glob), glob);
  for (const glob of closed) assert.ok(!isOpenPlace(glob), glob);
});
