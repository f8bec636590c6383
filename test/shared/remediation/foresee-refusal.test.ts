import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { demandsOf, foreseeRefusal, type ToldMachine } from '../../../shared/remediation/foresee-refusal.ts';

const file = String.raw`%SystemRoot%\System32\drivers\Contoso\bad.sys`;
const foresee = (lines: string, machine: ToldMachine) =>
  foreseeRefusal(demandsOf(checkScript(`${lines}\ndelete ${file}\n`).script!), machine)?.reason;
const windows11 = { 'os.build': 22631, 'os.architecture': 'x64', 'os.productType': 'client' } as const;

test('only what is asked of the Windows itself is foreseen; what is broken there is not', () => {
  const guards = 'require windows build from 22621 until 26100\nrequire crash module is contoso.sys\n';
  assert.equal(foresee(guards, { facts: windows11 }), undefined);
  assert.equal(foresee(guards, { facts: { 'os.build': 26100 } }), 'windows-does-not-fit');
  assert.equal(foresee(guards, { facts: {} }), 'unknown');
  assert.equal(foresee('', { facts: {} }), undefined);
});

test('groups count where all they ask is the Windows', () => {
  const any = 'require any of\n  windows product is server\n  windows build below 20000\n';
  assert.equal(foresee(any, { facts: windows11 }), 'windows-does-not-fit');
  assert.equal(foresee(any, { facts: { ...windows11, 'os.build': 19045 } }), undefined);
  const mixed = 'require any of\n  windows product is server\n  crash module is contoso.sys\n';
  assert.equal(foresee(mixed, { facts: windows11 }), undefined);
});

test('an agent older than what a script says is told, one of no readable version is not', () => {
  assert.equal(foresee('', { facts: {}, agentVersion: '0.0.12' }), 'agent-too-old');
  for (const agentVersion of ['0.1.0', '1.0', 'nightly'])
    assert.equal(foresee('', { facts: {}, agentVersion }), undefined, agentVersion);
});
