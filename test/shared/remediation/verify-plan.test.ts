import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { verifyPlan } from '../../../shared/remediation/verify-plan.ts';
import { MemoryVolume } from './memory-volume.ts';

const folder = 'W:\\Windows\\System32\\drivers\\Contoso';
const script = checkScript(String.raw`in %SystemRoot%\System32\drivers\Contoso
  delete contoso.sys
  rename contoso.bak to contoso.sys

verify file %SystemRoot%\System32\drivers\Contoso\contoso.sys
verify no file %SystemRoot%\System32\drivers\Contoso\contoso.bak
`).script!;

function prepared() {
  const volume = new MemoryVolume({
    [`${folder}\\contoso.sys`]: { sizeBytes: 10 },
    [`${folder}\\contoso.bak`]: { sizeBytes: 20 },
  });
  const plan = planScript(script, volume, {});
  assert.ok(plan.kind === 'plan');
  return { volume, steps: plan.steps };
}

test('everything holds after the plan was applied, although a deleted name is in use again', () => {
  const { volume, steps } = prepared();
  volume.remove(`${folder}\\contoso.sys`);
  volume.rename(`${folder}\\contoso.bak`, `${folder}\\contoso.sys`);
  const { verdict, findings } = verifyPlan(script, volume, {}, steps);
  assert.deepEqual(
    [verdict, ...findings.map(finding => `${finding.line} ${finding.verdict}`)],
    ['held', '2 held', '3 held', '5 held', '6 held'],
  );
});

test('before it is applied nothing holds', () => {
  const { volume, steps } = prepared();
  const { verdict, findings } = verifyPlan(script, volume, {}, steps);
  assert.equal(verdict, 'failed');
  assert.deepEqual(
    findings.filter(finding => finding.verdict === 'failed').map(finding => finding.line),
    [2, 3, 6],
  );
});

test('another file under the new name is noticed', () => {
  const { volume, steps } = prepared();
  volume.remove(`${folder}\\contoso.bak`);
  volume.put(`${folder}\\contoso.sys`, { sizeBytes: 21 });
  const { findings } = verifyPlan(script, volume, {}, steps);
  assert.deepEqual(findings[1], {
    line: 3,
    verdict: 'failed',
    reason: `${folder}\\contoso.sys is not the file that was renamed.`,
  });
});

test('a deleted file that is still there fails, and a link in its way leaves it unknown', () => {
  const one = checkScript(String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys`).script!;
  const volume = new MemoryVolume({ [`${folder}\\bad-1.sys`]: {} });
  assert.equal(verifyPlan(one, volume, {}).verdict, 'failed');
  volume.remove(`${folder}\\bad-1.sys`);
  assert.equal(verifyPlan(one, volume, {}).verdict, 'held');
  volume.put(folder, { kind: 'link' });
  assert.equal(verifyPlan(one, volume, {}).verdict, 'unknown');
});
