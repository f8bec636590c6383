import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConfirm } from '../../../agent/core/run-confirm.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { nearMiss } from '../../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import {
  channelFileIssue,
  channelFileScript,
  connectionRefused,
  type FakeServerOptions,
} from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const failedAgain = {
  kind: 'failed-boot',
  failedStarts: 3,
  lastFailedAtMs: Date.parse('2024-07-19T05:00:00Z'),
} as const;

test('back in WinRE after a restart, the attempt is reported as returned', async () => {
  const world = await createWorld(machine);
  await runRecovery(world.start());
  await runRecovery(world.start({ startReason: failedAgain }));
  const [first, second] = world.server.checkIns;
  assert.equal(first?.previousAttempt, undefined);
  const { attemptId } = world.server.outcomes[0] ?? {};
  assert.deepEqual(second?.previousAttempt, { attemptId, state: 'returned' });
  assert.equal(second?.episode, first?.episode);
  assert.equal(world.server.outcomes[1]?.state, 'nothing-to-do');
});

test('a restart that never was is asked for again, once', async () => {
  const world = await createWorld(machine);
  await runRecovery(world.start());
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.equal(world.server.checkIns.length, 1);
  await runRecovery(world.start());
  assert.equal(world.server.checkIns[1]?.previousAttempt?.state, 'returned');
});

test('after three attempts a person must look', async () => {
  const decide: FakeServerOptions['decide'] = (told, server) => {
    if (told.kind !== 'check-in') return { kind: 'carry-on' };
    const name = `C-00000291-00000000-000000${server.checkIns.length + 40}.sys`;
    const folder = '%SystemRoot%\\System32\\drivers\\CrowdStrike';
    return server.remediate(told.message, { script: `delete ${folder}\\${name}\nreboot\n` });
  };
  const world = await createWorld(machine, { decide });
  for (let at = 41; at <= 44; at++) {
    const { components } = parsePath(
      `C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-000000${at}.sys`,
    );
    world.disk.place(components, { bytes: new Uint8Array(1), writtenAtMs: 5 });
  }
  for (let failedStarts = 2; failedStarts < 6; failedStarts++)
    await runRecovery(world.start({ startReason: { ...failedAgain, failedStarts } }));
  assert.deepEqual(
    world.server.outcomes.map(one => one.code ?? one.state),
    ['applied', 'applied', 'applied', 'too-many-attempts'],
  );
});

test('Windows that came up and could not tell: the next start tells, a new failure is a new episode', async () => {
  let isAway = true;
  const world = await createWorld(machine, {
    trouble: ({ path }) => (path === '/v1/booted' && isAway ? connectionRefused : undefined),
  });
  await runRecovery(world.start());
  const confirm = await runConfirm(world.start({ environment: 'windows' }));
  assert.equal(confirm.kind, 'not-told');
  isAway = false;
  assert.equal((await runConfirm(world.start({ environment: 'windows' }))).kind, 'confirmed');
  await runRecovery(world.start({ startReason: failedAgain }));
  const [first, second] = world.server.checkIns;
  assert.notEqual(second?.episode, first?.episode);
  assert.equal(second?.previousEpisode, first?.episode);
  assert.equal(second?.previousAttempt, undefined);
});

test('evidence that is asked for is sent whole, and probes are answered', async () => {
  const decide: FakeServerOptions['decide'] = (told, server) => {
    if (told.kind !== 'check-in') return { kind: 'carry-on' };
    if (server.checkIns.length > 1) return server.remediate(told.message);
    return {
      kind: 'send-evidence',
      evidence: told.message.evidence.map(({ evidenceId }) => ({ evidenceId, fromBytes: 0 })),
      probes: [
        { kind: 'files', glob: '%SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00000291*.sys' },
        { kind: 'files', glob: '%SystemRoot%\\System32\\nowhere\\*.sys' },
        { kind: 'files', glob: '%SystemDrive%\\Users\\Ada\\Documents\\*' },
        { kind: 'driver-version', driver: 'csboot' },
      ],
    };
  };
  const world = await createWorld(machine, { decide });
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  const [first, second] = world.server.checkIns;
  for (const { evidenceId, sizeBytes } of first?.evidence ?? [])
    assert.equal(world.server.state.evidence.get(evidenceId)?.length, sizeBytes);
  const folder = '%systemroot%\\system32\\drivers\\crowdstrike';
  assert.deepEqual(second?.facts[`searched.${folder}\\c-00000291*.sys`], { files: 2 });
  assert.ok(`file.${folder}\\c-00000291-00000000-00000031.sys` in (second?.facts ?? {}));
  assert.deepEqual(second?.facts['searched.%systemroot%\\system32\\nowhere\\*.sys'], { files: 0 });
  assert.equal(second?.facts['driver.csboot.version'], '7.15.18513.0');
  assert.ok(!JSON.stringify(second?.facts).includes('thesis'));
});

test('an upload that breaks off goes on where the server stands', async () => {
  const decide: FakeServerOptions['decide'] = told =>
    told.kind === 'check-in' && told.message.sequence === 1
      ? {
          kind: 'send-evidence',
          evidence: told.message.evidence.map(({ evidenceId }) => ({ evidenceId, fromBytes: 0 })),
          probes: [],
        }
      : { kind: 'stop', reason: 'enough' };
  const world = await createWorld(machine, {
    decide,
    trouble: ({ path }, number) =>
      path === '/v1/evidence' && number % 2 === 0 ? connectionRefused : undefined,
  });
  await runRecovery(world.start());
  for (const { evidenceId, sizeBytes } of world.server.checkIns[0]?.evidence ?? [])
    assert.equal(world.server.state.evidence.get(evidenceId)?.length, sizeBytes);
});

test('an old dump is offered, and blamed for nothing', async () => {
  const world = await createWorld(machine);
  await runRecovery(
    world.start({ startReason: { ...failedAgain, lastFailedAtMs: Date.parse('2024-09-01T00:00:00Z') } }),
  );
  const [checkIn] = world.server.checkIns;
  assert.deepEqual(
    Object.keys(checkIn?.facts ?? {}).filter(name => /^(crash|bootlog|srt)\./.test(name)),
    ['crash.autoReboot', 'crash.dumpKind'],
    'settings, and nothing of the crash',
  );
  assert.ok(checkIn?.evidence.some(one => one.kind === 'crash-extract'));
});

test('a live hibernation image is set aside; a dead one stays', async () => {
  for (const [mark, isLive] of [
    ['HIBR', true],
    ['RSTR', true],
    ['WAKE', false],
  ] as const) {
    const world = await createWorld(machine);
    world.disk.place(['hiberfil.sys'], {
      bytes: new Uint8Array(Buffer.from(`${mark} and more`)),
      writtenAtMs: 99,
    });
    const before = listFiles(world.disk);
    const host = world.start();
    assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
    assert.equal(listFiles(world.disk).has('C:\\hiberfil.sys'), !isLive);
    assert.equal(listQuarantine(world.disk).includes(before.get('C:\\hiberfil.sys') ?? ''), isLive);
    const moved = host.calls.filter(
      ({ name, subject }) => name === 'files.rename' && !subject.includes('Bootmend'),
    );
    assert.equal(moved[0]?.subject === 'C:\\hiberfil.sys', isLive, 'before anything else');
  }
});

test('the suspected driver is told by version, link time, path and hash', async () => {
  const world = await createWorld(machine);
  await runRecovery(world.start());
  const facts = world.server.checkIns[0]?.facts ?? {};
  assert.equal(facts['driver.csagent.version'], '7.15.18513.0');
  assert.match(String(facts['driver.csagent.linked']), /^0x[0-9a-f]{8}$/);
  const path = facts['driver.csagent.path'];
  assert.equal(path, '%systemroot%\\system32\\drivers\\crowdstrike\\csagent.sys');
  const { sha256 } = facts[`file.${path}`] as { sha256?: string };
  const real = 'C:\\Windows\\System32\\drivers\\CrowdStrike\\csagent.sys';
  assert.equal(sha256, world.start().files.hash(real));
});

test('the first check-in settles the rule: the machine matches, the near miss does not and is not touched', async () => {
  const { rule } = parseIssue(channelFileIssue);
  assert.ok(rule);
  const decide: FakeServerOptions['decide'] = (told, server) => {
    if (told.kind !== 'check-in') return { kind: 'carry-on' };
    const { facts } = parseFacts(told.message.facts);
    const { verdict } = evaluateRule(rule, facts);
    return verdict === 'matched'
      ? server.remediate(told.message)
      : { kind: 'stop', reason: `rule-${verdict}` };
  };
  assert.deepEqual(await runRecovery((await createWorld(machine, { decide })).start()), { kind: 'reboot' });

  const world = await createWorld(nearMiss, { decide });
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'rule-failed');
  assert.equal(world.server.checkIns[0]?.facts['crash.module'], 'csagent.sys');
  assert.deepEqual(listFiles(world.disk), before);
});

test('no match in any line: nothing to do, and the menu', async () => {
  const script = 'delete %SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00009999*.sys\nreboot\n';
  const decide: FakeServerOptions['decide'] = (told, server) =>
    told.kind === 'check-in' ? server.remediate(told.message, { script }) : { kind: 'carry-on' };
  const world = await createWorld(machine, { decide });
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start());
  assert.equal(end.kind, 'handed-over');
  assert.deepEqual(
    [world.server.outcomes[0]?.state, world.server.outcomes[0]?.code],
    ['nothing-to-do', 'no-match'],
  );
  assert.deepEqual(listFiles(world.disk), before);
});

test('a guard that is false or unknown: not applicable', async () => {
  for (const guard of [
    'require driver csagent version at least 8.0',
    'require driver ghost version at least 1.0',
  ]) {
    const script = channelFileScript.replace('require driver csagent version at least 7.11', guard);
    const decide: FakeServerOptions['decide'] = (told, server) =>
      told.kind === 'check-in' ? server.remediate(told.message, { script }) : { kind: 'carry-on' };
    const world = await createWorld(machine, { decide });
    const before = listFiles(world.disk);
    await runRecovery(world.start());
    assert.equal(world.server.outcomes[0]?.state, 'not-applicable');
    assert.deepEqual(listFiles(world.disk), before);
  }
});
