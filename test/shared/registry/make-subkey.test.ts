import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { applyPatches, invertPatches } from '../../../shared/registry/byte-patch.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { openHive } from '../../../shared/registry/hive.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { encodeDword } from '../../../shared/registry/value-type.ts';
import { bytesOf, listWithHivex, withoutHivex } from './hivex.ts';
import { readSample, withoutSamples } from './samples.ts';

const made = (key: string, name: string): HiveEdit => ({
  kind: 'set-value',
  key,
  name,
  type: 4,
  data: encodeDword(0),
  isKeyMade: true,
});
const overrides = 'ControlSet001\\Policies\\Microsoft\\FeatureManagement\\Overrides';

function edited(bytes: Uint8Array, edits: readonly HiveEdit[], logs = {}) {
  const recovered = recoverHive(memorySource(bytes), logs);
  assert.ok(recovered.ok);
  const planned = planEdits(recovered, edits);
  assert.ok(planned.ok, JSON.stringify(planned));
  const applied = applyPatches(recovered.file, planned.plan.patches);
  assert.ok(applied.ok);
  const hive = openHive(applied.image);
  assert.ok(hive.ok);
  const undone = applyPatches(applied.image, invertPatches(planned.plan.patches));
  assert.ok(undone.ok);
  assert.deepEqual(bytesOf(undone.image), bytes);
  return {
    hive: hive.hive,
    bytes: bytesOf(applied.image),
    before: checkHive(recovered.hive).problems.length,
  };
}

test('keys that are missing on the way to a value are made, in the order of their names', () => {
  const file = buildSystemHive({ computerName: 'LAPTOP-4711' });
  const names = ['Zebra', 'alpha', 'Mike', 'beta', 'ALPHA2'];
  const { hive } = edited(file, [
    made(overrides, '1234567890'),
    ...names.map(name => made(`ControlSet001\\Policies\\${name}`, 'x')),
  ]);
  assert.deepEqual(checkHive(hive).problems, []);
  const value = hive.findValue(hive.findKey(overrides)!, '1234567890');
  assert.deepEqual(value && [...hive.dataOf(value)], [0, 0, 0, 0]);
  const listed = hive.subkeys(hive.findKey('ControlSet001\\Policies')!).map(one => one.name.toUpperCase());
  assert.deepEqual(listed, listed.toSorted());
  assert.ok(names.every(name => listed.includes(name.toUpperCase())));
});

test('a key is found again by another reader', { skip: withoutHivex }, () => {
  const { bytes } = edited(buildSystemHive({ computerName: 'LAPTOP-4711' }), [made(overrides, '1')]);
  assert.match(listWithHivex(bytes, [overrides]), /"1"=dword:/);
});

test('also in a real hive', { skip: withoutSamples }, () => {
  const logs = {
    LOG1: memorySource(readSample('SYSTEM_B.LOG1')),
    LOG2: memorySource(readSample('SYSTEM_B.LOG2')),
  };
  const { hive, bytes, before } = edited(readSample('SYSTEM_B'), [made(overrides, '1')], logs);
  assert.equal(checkHive(hive).problems.length, before);
  assert.ok(hive.findKey(overrides));
  if (withoutHivex === false) assert.match(listWithHivex(bytes, [overrides]), /"1"=dword:/);
});

test('a name that is not plain is refused', () => {
  const recovered = recoverHive(memorySource(buildSystemHive({ computerName: 'LAPTOP-4711' })), {});
  assert.ok(recovered.ok);
  const planned = planEdits(recovered, [made('ControlSet001\\Straße', 'x')]);
  assert.equal(!planned.ok && planned.problem.code, 'key-not-editable');
});
