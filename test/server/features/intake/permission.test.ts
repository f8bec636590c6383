import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AllowedPrograms } from '../../../../server/features/devices/allowed-programs.ts';
import { AuditLog } from '../../../../server/features/audit/audit-log.ts';
import { ScriptReach } from '../../../../server/features/devices/script-reach.ts';
import { Refusal } from '../../../../server/http/refusal.ts';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { readinessExample } from '../../../../shared/wire/readiness.ts';
import { anna, bert, carla, signAlso } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  channelIssue,
  channelScript,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
  type TestFeatures,
} from '../../../support/server-features.ts';

const fresh = async () => await featuresOver((await withDatabase()).database);

/** What a device of this organization is told to wait for. */
async function reasonOf(features: TestFeatures): Promise<string> {
  const device = await enrolDevice(features);
  const { decision } = await device.checkIn();
  return decision.kind === 'wait' || decision.kind === 'stop' ? decision.reason : decision.kind;
}

test('without trust, without an approval, without enough signatures there is no order', async () => {
  const features = await fresh();
  assert.equal(await reasonOf(features), 'no-remedy');
  await features.database.transaction(sql =>
    features.scripts.keep(sql, organizationId, {
      remediationId: channelIssue.remediationId!,
      text: Buffer.from(channelScript),
      author: 'test',
    }),
  );
  assert.equal(await reasonOf(features), 'no-trust');
  await publishTrust(features, 2, [anna, bert, carla]);
  assert.equal(await reasonOf(features), 'not-approved');
  const { sealed } = await approveScript(features, { keys: [anna] });
  assert.equal(await reasonOf(features), 'not-enough-signatures');

  const device = await enrolDevice(features);
  await device.checkIn();
  const waiting = await device.incident();
  assert.equal(waiting.incident.state, 'awaiting-person');
  assert.match(waiting.verdict, /is down\. Its repair is ready and waits for one signature\.$/);
  assert.match(waiting.remedy!, /1 of 2 approvers have signed it\.$/);

  const progress = await features.approvals.add(organizationId, signAlso(sealed, bert), 'test');
  assert.deepEqual([progress.complete, progress.signers], [true, ['anna', 'bert']]);
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
});

test('an approval that has expired since gives no order', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features, { expiresInDays: 1 });
  assert.equal(await reasonOf(features), 'remediate');
  features.passMinutes(24 * 60);
  assert.equal(await reasonOf(features), 'expired');
});

test('policies: ask waits for a person, never hands over to the menu', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  features.setIssues(() => [{ ...channelIssue, policy: 'ask' }]);
  assert.equal(await reasonOf(features), 'awaiting-person');
  features.setIssues(() => [{ ...channelIssue, policy: 'never' }]);
  assert.equal(await reasonOf(features), 'policy-never');
  features.setIssues(() => [{ ...channelIssue, remediationId: undefined }]);
  assert.equal(await reasonOf(features), 'no-remedy');
});

test('a second known issue with a usable remedy is taken when the first has none', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  features.setIssues(() => [{ ...channelIssue, knownIssueId: 'other', remediationId: 'none' }, channelIssue]);
  assert.equal(await reasonOf(features), 'remediate');
});

test('a device from an image waits until a person accepts it', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  const device = await enrolDevice(features, 'image');
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'device-pending');
  await features.devices.accept(organizationId, device.signer.deviceId, 'account:anna');
  assert.equal((await device.checkIn()).decision.kind, 'remediate');
});

test('a retired device and a revoked key are refused inside the transaction, whatever is remembered', async () => {
  const features = await fresh();
  const retired = await enrolDevice(features);
  await features.devices.retire(organizationId, retired.signer.deviceId, 'account:anna');
  await assert.rejects(retired.checkIn(), { code: 'device-retired' });
  const revoked = await enrolDevice(features);
  assert.ok(await features.keys.find(revoked.signer));
  await features.database.query('update device_key set revoked_at = now() where device_id = $1', [
    revoked.signer.deviceId,
  ]);
  assert.ok(await features.keys.find(revoked.signer), 'still remembered');
  await assert.rejects(revoked.checkIn(), { code: 'unknown-device-key' });
  features.passMinutes(1);
  assert.equal(await features.keys.find(revoked.signer), undefined);
});

test('an unknown condition is asked for, at most twice; then evidence once; then the machine waits longer each time', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  const probe = { kind: 'driver-version' as const, driver: 'csagent' };
  features.setIssues(facts => [
    'driver.csagent.version' in facts
      ? channelIssue
      : {
          ...channelIssue,
          verdict: 'unknown',
          probes: [probe, { kind: 'driver-version', driver: 'CSAGENT' }],
        },
  ]);
  const answered = await enrolDevice(features);
  assert.deepEqual((await answered.checkIn({ facts: {} })).decision, {
    kind: 'send-evidence',
    evidence: [],
    probes: [{ kind: 'driver-version', driver: 'CSAGENT' }],
  });
  const facts = { 'driver.csagent.version': '7.16.0.0' };
  assert.equal((await answered.checkIn({ facts })).decision.kind, 'remediate');

  const silent = await enrolDevice(features);
  const evidence = ['1', '2'].map(n => ({
    evidenceId: n.repeat(32),
    kind: 'boot-log' as const,
    name: 'ntbtlog.txt',
    sizeBytes: 10,
    sha256: n.repeat(64),
  }));
  const decisions = [];
  for (let n = 0; n < 9; n++) decisions.push((await silent.checkIn({ facts: {}, evidence })).decision);
  assert.deepEqual(
    decisions.map(one =>
      one.kind === 'send-evidence'
        ? [one.probes.length, one.evidence.length]
        : one.kind === 'wait' && one.seconds,
    ),
    [[1, 0], [1, 0], [0, 2], [0, 2], [0, 2], [0, 2], 60, 120, 240],
  );
  const { incident, evidence: kept } = await silent.incident();
  assert.equal(incident.state, 'unexplained');
  assert.deepEqual(
    kept.map(piece => piece.state),
    ['wanted', 'wanted'],
  );
});

test('near misses are shown, and are no reason to treat', async () => {
  const features = await fresh();
  await publishTrust(features);
  await approveScript(features);
  const { conditions, ...near } = { ...channelIssue, verdict: 'near' as const };
  features.setIssues(() => [near]);
  const device = await enrolDevice(features);
  const { decision } = await device.checkIn();
  assert.equal(decision.kind === 'wait' && decision.reason, 'unexplained');
  const { incident, matches } = await device.incident();
  assert.deepEqual([incident.state, incident.cause], ['unexplained', undefined]);
  assert.deepEqual(
    matches.map(one => [one.verdict, one.title, one.conditions]),
    [['near', near.title, conditions]],
  );
  features.setIssues(() => []);
  assert.deepEqual((await device.incident()).matches, [], 'what no longer comes near is not shown');
});

test('a script with a step that nobody can take back never goes out by itself', async () => {
  const features = await fresh();
  await publishTrust(features);
  const text = [
    'remediation "Take back what waits"',
    '  risk medium',
    '',
    'require crash code is 0x50',
    '',
    'revert pending updates, accepting no undo',
    'reboot',
    '',
  ].join('\n');
  await approveScript(features, { text, risk: 'medium' });
  assert.equal(await reasonOf(features), 'no-way-back');
  const device = await enrolDevice(features);
  await device.checkIn();
  const waiting = await device.incident();
  assert.equal(waiting.incident.state, 'awaiting-person');
});

test('a script that runs a program goes to devices alone that say they allow it, and only by a person', async () => {
  const features = await fresh();
  await publishTrust(features);
  const program = { path: String.raw`%ProgramFiles%\Contoso\mend.exe`, sha256: 'ab'.repeat(32) };
  const text = [
    'remediation "Let the sensor take its rules back"',
    '  risk high',
    '',
    'require crash code is 0x50',
    '',
    `run ${program.path}, sha256 ${program.sha256}, at most 5 minutes, accepting no undo`,
    'reboot',
    '',
  ].join('\n');
  await approveScript(features, { text, risk: 'high' });
  const reasonFor = async (programs?: (typeof program)[]) => {
    const device = await enrolDevice(features);
    const { decision } = await device.checkIn(programs && { programs });
    return 'reason' in decision ? decision.reason : decision.kind;
  };
  for (const programs of [
    undefined,
    [],
    [{ ...program, sha256: '0'.repeat(64) }],
    [{ ...program, path: `${program.path}x` }],
  ])
    assert.equal(await reasonFor(programs), 'program-not-allowed');
  assert.equal(await reasonFor([program]), 'no-way-back');

  const device = await enrolDevice(features);
  await device.checkIn();
  const { incident, verdict } = await device.incident();
  assert.equal(incident.state, 'awaiting-person');
  assert.match(verdict, /runs a program that its own list does not allow/);
});

const mend = { path: String.raw`%ProgramFiles%\Contoso\mend.exe`, sha256: 'ab'.repeat(32) };
type Programs = readonly { path: string; sha256: string }[];

/** A machine of this name that told its agent, what it allows and its Windows. */
async function tell(
  features: TestFeatures,
  name: string,
  { programs, agentVersion = '0.1.0', build }: { programs?: Programs; agentVersion?: string; build?: number },
) {
  const device = await enrolDevice(features);
  const finding = { code: 'programs-allowed', state: 'good' as const, weight: 0, found: 'x' };
  const { facts: _, ...example } = readinessExample;
  await features.readiness.receive(device.signer, {
    ...example,
    agentVersion,
    device: { name: 'x' },
    findings: [{ ...finding, ...(programs && { programs: [...programs] }) }],
    ...(build !== undefined && { facts: { 'os.build': build } }),
  });
  await features.database.query('update device set name = $2 where device_id = $1', [
    device.signer.deviceId,
    name,
  ]);
  return device;
}

test('which machines would refuse a script is said with numbers, names and reasons', async () => {
  const features = await fresh();
  const reach = new ScriptReach(features.database);
  const { script } = checkScript(
    [
      'remediation "Let the sensor take its rules back"',
      '  risk high',
      '',
      'require windows build at least 22631',
      'require crash code is 0x50',
      '',
      `run ${mend.path}, sha256 ${mend.sha256}, at most 5 minutes, accepting no undo`,
      '',
    ].join('\n'),
  );
  assert.deepEqual(await reach.of(organizationId, script!), {
    machines: 0,
    refusals: [],
    unknown: { machines: 0, names: [] },
  });
  await tell(features, 'A-fits', { programs: [{ ...mend, path: mend.path.toLowerCase() }], build: 22631 });
  for (const name of ['B-6', 'B-5', 'B-4', 'B-3', 'B-2', 'B-1'])
    await tell(features, name, { programs: [{ ...mend, sha256: '0'.repeat(64) }], build: 22631 });
  await tell(features, 'C-allows-none', { programs: [], build: 22631 });
  await tell(features, 'D-windows-10', { programs: [mend], build: 19045 });
  await tell(features, 'E-old-agent', { programs: [mend], build: 22631, agentVersion: '0.0.9' });
  await tell(features, 'F-no-facts', { programs: [mend] });
  const silent = await enrolDevice(features);
  await features.database.query(`update device set name = 'G-silent' where device_id = $1`, [
    silent.signer.deviceId,
  ]);
  const { refusals, unknown, machines } = await reach.of(organizationId, script!);
  assert.equal(machines, 12);
  assert.deepEqual(
    refusals.map(one => [one.reason, one.machines, one.names]),
    [
      ['program-not-allowed', 7, ['B-1', 'B-2', 'B-3', 'B-4', 'B-5']],
      ['agent-too-old', 1, ['E-old-agent']],
      ['windows-does-not-fit', 1, ['D-windows-10']],
    ],
  );
  assert.match(refusals[0]!.sentence, /does not name %ProgramFiles%\\Contoso\\mend\.exe with this hash/);
  assert.match(refusals[2]!.sentence, /line 4 asks for: the build of Windows is 22631 or newer/);
  assert.deepEqual(unknown, { machines: 2, names: ['F-no-facts', 'G-silent'] });

  const down = await tell(features, 'H-down', { programs: [], build: 22631 });
  await down.checkIn({ facts: { 'os.build': 19045 } });
  const [incident] = await features.database.query<{ id: string }>('select incident_id as id from incident');
  const one = await reach.of(organizationId, script!, incident!.id);
  assert.deepEqual(
    [one.machines, one.refusals.map(({ reason, names }) => [reason, names])],
    [1, [['program-not-allowed', ['H-down']]]],
  );
});

test('the list for bundles is changed under a name, counted against what machines told, and goes with each bundle', async () => {
  const features = await fresh();
  const { database } = features;
  const clock = () => new Date();
  const programs = new AllowedPrograms({ database, audit: new AuditLog(clock, () => {}), clock });
  const ada = { organizationId, actor: 'account:ada' };
  await tell(features, 'A', { programs: [mend] });
  await tell(features, 'B', { programs: [{ ...mend, sha256: '0'.repeat(64) }] });
  await enrolDevice(features);
  assert.equal(await programs.forBundle(organizationId), undefined);
  const { programs: listed, elsewhere, ...counts } = await programs.add(ada, mend);
  assert.deepEqual(
    listed.map(one => [one.path, one.sha256, one.addedBy, one.allowing]),
    [[mend.path, mend.sha256, 'account:ada', 1]],
  );
  assert.deepEqual(counts, { machines: 3, told: 2 });
  assert.deepEqual(elsewhere, [{ path: mend.path, sha256: '0'.repeat(64), machines: 1, names: ['B'] }]);
  assert.deepEqual(await programs.forBundle(organizationId), [mend]);
  const isRefused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code;
  await assert.rejects(
    programs.add(ada, { ...mend, path: mend.path.toUpperCase() }),
    isRefused('name-taken'),
  );
  for (let more = 1; more < 32; more++)
    await programs.add(ada, { ...mend, sha256: more.toString(16).padStart(64, '0') });
  await assert.rejects(programs.add(ada, { ...mend, sha256: 'f'.repeat(64) }), isRefused('list-full'));
  await programs.remove(ada, listed[0]!.programId);
  await assert.rejects(programs.remove(ada, listed[0]!.programId), isRefused('not-found'));
  await assert.rejects(programs.remove(ada, 'nothing'), isRefused('not-found'));
  const deeds = await database.query<{ action: string; subject: string }>(
    `select action, subject from audit_entry where actor = 'account:ada' and subject like 'program:%' order by number`,
  );
  assert.deepEqual(
    [deeds[0], deeds.at(-1)],
    [
      { action: 'program-allowed', subject: `program:${mend.path}` },
      { action: 'program-disallowed', subject: `program:${mend.path}` },
    ],
  );
  assert.equal(deeds.length, 33);
});
