import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { MemoryVolume } from '../../shared/remediation/memory-volume.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { listPowerCutStates } from '../../../agent/host/memory-disk.ts';
import { recordMoments, startAgain, toolsOn } from '../support/power-cut.ts';
import { ordering } from '../support/trial-server.ts';
import { createWorld } from '../support/world.ts';

async function carryOut(script: string) {
  const world = await createWorld(actionMachine('message'), {
    decide: (told, server) =>
      told.kind === 'check-in'
        ? server.remediate(told.message, { script, approval: { risk: 'medium' } })
        : { kind: 'carry-on' },
  });
  const waits: number[] = [];
  const host = world.start({ tools: toolsOn(world.disk) });
  const { clock } = host;
  const wait: typeof clock.wait = ms => {
    waits.push(ms);
    return Promise.resolve('key');
  };
  const end = await runRecovery({ ...host, clock: { ...clock, wait } });
  return {
    end,
    waits,
    screens: host.screens.map(({ detail }) => detail),
    outcome: world.server.outcomes[0]!,
  };
}

test('messages stand before the first change and after the last, a key ends them, and the repair goes on', async () => {
  const { end, waits, screens, outcome } = await carryOut(actionScript('message'));
  assert.deepEqual(end, { kind: 'reboot' });
  assert.deepEqual(waits.slice(0, 2), [5000, 20_000]);
  const said = screens.filter(detail => detail.includes('goes on by itself'));
  assert.deepEqual(said, [
    'Your files are safe. This goes on by itself in 5 seconds, or when you press a key.',
    'Done. This goes on by itself in 20 seconds, or when you press a key.',
  ]);
  assert.deepEqual(
    outcome.steps.map(({ state, changes }) => [state, ...changes.map(({ kind }) => kind)]),
    [
      ['done', 'show-message'],
      ['done', 'delete'],
      ['done', 'show-message'],
    ],
  );
});

test('evidence goes along also when everything is taken back, and a message for a good end does not', async () => {
  const step = [
    'collect boot log',
    String.raw`delete %SystemRoot%\System32\drivers\Contoso\rules-9.dat`,
    'message "Done."',
    '',
    String.raw`verify file %SystemRoot%\System32\drivers\Contoso\rules-9.dat`,
  ];
  const guard = 'remediation "Try it"\n  risk medium\n\nrequire crash code is 0x50\n';
  const { waits, outcome } = await carryOut([guard, ...step, 'reboot', ''].join('\n'));
  assert.equal(outcome.state, 'undone');
  assert.ok(!waits.includes(20_000));
  const [collected, , shown] = outcome.steps;
  assert.deepEqual(collected, {
    line: 6,
    state: 'done',
    changes: [{ kind: 'collect-evidence', path: 'C:\\Windows', evidence: 'boot-log', what: 'boot log' }],
  });
  assert.equal(shown?.code, 'not-shown');
  assert.ok(outcome.evidence?.some(({ kind }) => kind === 'boot-log'));
});

test('evidence is offered again where the power went between the repair and its report', async () => {
  const world = await createWorld(actionMachine('collect'), { decide: ordering(actionScript('collect')) });
  const { moments } = await recordMoments(world);
  assert.ok(world.server.outcomes[0]!.evidence?.some(({ kind }) => kind === 'boot-log'));
  const untold = moments.filter(({ server }) => server.outcomes.length === 0).at(-1)!;
  const server = untold.server.fork();
  await startAgain(world, listPowerCutStates(untold.disk).at(-1)!, server, 9000);
  const [outcome] = server.outcomes;
  assert.equal(outcome?.state, 'applied');
  assert.deepEqual(outcome?.steps, world.server.outcomes[0]!.steps);
  assert.deepEqual(outcome?.evidence, world.server.outcomes[0]!.evidence);
});

test('a script that only collects does not call itself a repair', async () => {
  const script = 'remediation "Look"\n  risk medium\n\nrequire crash code is 0x50\n\ncollect boot log\n';
  const { end, outcome } = await carryOut(script);
  assert.equal(outcome.state, 'applied');
  assert.deepEqual(end, {
    kind: 'handed-over',
    code: 'collected-without-restart',
    message: 'Evidence was collected, and nothing on this machine was changed.',
  });
});

test('words alone are never success; a script that only collects is one', () => {
  const planOf = (text: string) => planScript(checkScript(text).script!, new MemoryVolume(), {});
  assert.equal(planOf('message "Hello."').kind, 'nothing-to-do');
  const gone = String.raw`delete %SystemRoot%\System32\drivers\Contoso\gone.dat`;
  assert.equal(planOf(`message "Hello."\ncollect event log\n${gone}`).kind, 'nothing-to-do');
  assert.equal(planOf('collect event log').kind, 'plan');
});

test('a message is one line of plain text, and its time has bounds', () => {
  const codesOf = (text: string) => checkScript(text).diagnostics.map(({ code }) => code);
  assert.deepEqual(codesOf('message "Wait." for 4 seconds'), ['limit-out-of-range']);
  assert.deepEqual(codesOf('message "Wait." for 121 seconds'), ['limit-out-of-range']);
  assert.ok(codesOf(`message "${'x'.repeat(201)}"`).includes('invalid-text'));
  assert.ok(codesOf('message "\u001b[31mWait."').includes('forbidden-character'));
  assert.ok(codesOf('message "\u202eWait."').includes('forbidden-character'));
  assert.ok(codesOf('collect memory dump').includes('unknown-word'));
});
