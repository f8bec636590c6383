import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { HostTools, ProgramRequest } from '../../../agent/host/host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { labProgramFile } from '../../../agent/lab/tools/lab-program.ts';
import type { AllowedProgram } from '../../../shared/remediation/program-policy.ts';
import { parseProvisioningBundle, type ProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import { trialProgram } from '../support/action-trials.ts';
import { organization, serverAddress, serverPin } from '../support/fake-server.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { toolsOn } from '../support/power-cut.ts';
import { ordering } from '../support/trial-server.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

const script = actionScript('run');
const programFile = 'Program Files\\Contoso\\mend.exe';
const badRules = 'Program Files\\Contoso\\rules 9.dat';
const happenedAt = new Date('2024-07-19T04:02:00.000Z');
const worldOf = (text = script): Promise<World> =>
  createWorld(actionMachine('run'), { decide: ordering(text) });

/** What the policy of the device says from now on; undefined takes it away. */
function setPolicy({ disk }: World, programs: unknown): void {
  const volume = memoryVolume(disk);
  const record = JSON.parse(Buffer.from(volume.read('ProgramData\\Bootmend\\device.json')!).toString());
  delete record.programs;
  const text = JSON.stringify({ ...record, ...(programs === undefined ? {} : { programs }) });
  volume.write('ProgramData\\Bootmend\\device.json', new Uint8Array(Buffer.from(text)), happenedAt);
  disk.flush();
}

/** One recovery with the tools of the lab; `before` happens right before the program starts. */
async function recover(world: World, before: (request: ProgramRequest) => void = () => undefined) {
  const lab = toolsOn(world.disk);
  const [ran, started] = [[] as string[], [] as ProgramRequest[]];
  const tools: HostTools = {
    run: request => {
      // How BitLocker stands is asked before anything is done.
      if (request.tool !== 'manage-bde') ran.push(request.tool);
      return lab.run(request);
    },
    runProgram: request => {
      before(request);
      started.push(request);
      return lab.runProgram(request);
    },
  };
  const host = world.start({ tools });
  const files = listFiles(world.disk);
  const end = await runRecovery(host);
  const outcome = world.server.outcomes.at(-1);
  return {
    end,
    host,
    ran,
    started,
    outcome,
    told: [outcome?.state, outcome?.code],
    isUntouched: () => assert.deepEqual(listFiles(world.disk), files),
  };
}

test('a program that the policy allows runs as a copy in a folder of its own, and nothing stays of it', async () => {
  const world = await worldOf();
  const { disk } = world;
  let beside: readonly string[] = [];
  const { end, started, outcome } = await recover(world, ({ path }) => {
    beside = memoryVolume(disk).list('ProgramData\\Bootmend\\program');
    assert.deepEqual(disk.read(parsePath(path), 0, 1e9), labProgramFile);
  });
  assert.equal(end.kind, 'reboot', JSON.stringify(outcome));
  assert.deepEqual(
    world.server.checkIns[0]?.programs,
    [trialProgram],
    'the server knows before it sends anything',
  );
  assert.deepEqual(beside, ['mend.exe']);
  assert.deepEqual(started, [
    {
      path: 'C:\\ProgramData\\Bootmend\\program\\mend.exe',
      arguments: ['/remove', 'C:\\Program Files\\Contoso\\rules 9.dat'],
      timeoutMs: 300_000,
    },
  ]);
  assert.deepEqual(memoryVolume(disk).list('ProgramData\\Bootmend\\program'), []);
  assert.deepEqual(outcome?.steps[0]?.changes, [
    {
      kind: 'run-tool',
      path: 'C:\\Windows',
      tool: 'program',
      what: 'run C:\\Program Files\\Contoso\\mend.exe "/remove" "C:\\Program Files\\Contoso\\rules 9.dat"',
      ended: 'program-done',
      provenBy: 'tool-word',
    },
  ]);
});

describe('a device whose policy does not name the program refuses the script as a whole', () => {
  for (const [how, policy] of Object.entries({
    'no policy': undefined,
    'an empty policy': [],
    'other bytes': [{ ...trialProgram, sha256: '0'.repeat(64) }],
    'a path that looks alike': [{ ...trialProgram, path: String.raw`%ProgramFiles%\Cоntoso\mend.exe` }],
    'the same file by another spelling': [
      { ...trialProgram, path: String.raw`%SystemDrive%\Program Files\Contoso\mend.exe` },
    ],
  } satisfies Record<string, AllowedProgram[] | undefined>))
    test(how, async () => {
      const world = await worldOf(
        script.replace('run ', String.raw`rename %SystemRoot%\notepad.exe to n.off` + '\nrun '),
      );
      setPolicy(world, policy);
      const { end, ran, started, outcome, told, host, isUntouched } = await recover(world);
      assert.deepEqual(told, ['refused', 'program-not-allowed']);
      assert.equal(outcome?.line, 7);
      assert.match(
        outcome?.reason ?? '',
        /does not allow %ProgramFiles%\\Contoso\\mend\.exe with the SHA-256/,
      );
      assert.deepEqual([ran, started], [[], []]);
      isUntouched();
      assert.equal('code' in end && end.code, 'program-not-allowed', 'the screen says so');
      const entry = host.entries.find(one => one.code === 'order-refused');
      assert.equal(entry?.details?.['code'], 'program-not-allowed', 'and the log');
    });
});

test('a damaged policy lets nothing run', async () => {
  const world = await worldOf();
  setPolicy(world, [{ path: '*', sha256: '*' }]);
  const { end, started, isUntouched } = await recover(world);
  assert.deepEqual(['code' in end && end.code, started], ['state-damaged', []]);
  isUntouched();
});

test('a policy in an order, in its approval or beside them is no policy', async () => {
  const world = await createWorld(actionMachine('run'), {
    decide: (told, server) => {
      if (told.kind !== 'check-in') return { kind: 'carry-on' };
      const forged: Record<string, unknown> = { programs: [trialProgram] };
      const order = server.remediate(told.message, {
        script,
        order: forged,
        approval: { risk: 'high', ...forged },
      });
      return { ...order, ...forged };
    },
  });
  setPolicy(world, undefined);
  const { told, started, isUntouched } = await recover(world);
  assert.deepEqual([told, started], [['refused', 'program-not-allowed'], []]);
  isUntouched();
});

test('a program whose approval understates its risk is refused', async () => {
  const world = await createWorld(actionMachine('run'), {
    decide: (told, server) =>
      told.kind === 'check-in'
        ? server.remediate(told.message, { script, approval: { risk: 'medium' } })
        : { kind: 'carry-on' },
  });
  const { told, isUntouched } = await recover(world);
  assert.deepEqual(told, ['refused', 'risk-understated']);
  isUntouched();
});

describe('what lies there is not what was approved', () => {
  const other = labProgramFile.slice();
  other[0x401] = 0xcc;

  test('before the plan: refused', async () => {
    const world = await worldOf();
    memoryVolume(world.disk).write(programFile, other, happenedAt);
    const { told, started, isUntouched } = await recover(world);
    assert.deepEqual([told, started], [['refused', 'program-changed'], []]);
    isUntouched();
  });

  test('swapped between the plan and the start, with the same size and time: it never starts, all is taken back', async () => {
    const world = await worldOf();
    const volume = memoryVolume(world.disk);
    const { writtenAtMs } = world.disk.find(parsePath(`C:\\${programFile}`))!;
    const tools = toolsOn(world.disk);
    const started: ProgramRequest[] = [];
    const host = world.start({
      tools: {
        run: request => {
          // BCDEdit saves the boot options right before.
          if (request.tool === 'bcdedit') volume.write(programFile, other, new Date(writtenAtMs));
          return tools.run(request);
        },
        runProgram: request => {
          started.push(request);
          return tools.runProgram(request);
        },
      },
    });
    const end = await runRecovery(host);
    const outcome = world.server.outcomes.at(-1);
    assert.deepEqual([outcome?.state, outcome?.code, started], ['undone', 'program-changed', []]);
    assert.equal(end.kind, 'handed-over');
    assert.ok(volume.read(badRules), 'nothing was done');
  });

  test('a folder of ours that somebody filled holds nothing beside the program when it starts', async () => {
    const world = await worldOf();
    const volume = memoryVolume(world.disk);
    volume.write('ProgramData\\Bootmend\\program\\version.dll', other, happenedAt);
    volume.write('ProgramData\\Bootmend\\program\\mend.exe', other, happenedAt);
    world.disk.flush();
    let beside: readonly string[] = [];
    const { end } = await recover(world, () => {
      beside = volume.list('ProgramData\\Bootmend\\program');
    });
    assert.deepEqual([end.kind, beside], ['reboot', ['mend.exe']]);
  });

  test('a folder of ours that cannot be emptied starts nothing', async () => {
    const world = await worldOf();
    memoryVolume(world.disk).write('ProgramData\\Bootmend\\program\\deep\\version.dll', other, happenedAt);
    world.disk.flush();
    const { told, started } = await recover(world);
    assert.deepEqual([told, started], [['undone', 'not-empty'], []]);
  });
});

describe('a program that fails', () => {
  test('with another code: a person must look, for nobody knows what it did', async () => {
    const world = await worldOf(script.replace('/remove', '/mend'));
    const { told, outcome, end } = await recover(world);
    assert.deepEqual(told, ['stuck', 'program-failed']);
    assert.match(outcome?.reason ?? '', /ended with 87, and success is 0/);
    assert.equal(end.kind, 'handed-over');
  });

  test('with a code that the line names as success, and a verify that does not hold: told', async () => {
    const world = await worldOf(
      script
        .replace('/remove', '/mend')
        .replace('at most 5 minutes', 'at most 5 minutes, succeeds on 3010 or 87'),
    );
    const { told } = await recover(world);
    assert.deepEqual(told, ['stuck', 'verify-failed']);
  });
});

test('provisioning again says what may run from now on, and takes it away again', async () => {
  const world = await worldOf();
  const host = world.start({ environment: 'windows' });
  const bundle = (programs: AllowedProgram[] | undefined, of = organization): ProvisioningBundle => {
    const parsed = parseProvisioningBundle({
      organization: of,
      servers: [serverAddress],
      pins: [serverPin],
      trust: world.server.trust(),
      token: 'bm-enrol-0123456789abcdef',
      settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
      ...(programs && { programs }),
    });
    assert.ok(parsed.ok);
    return parsed.value;
  };
  const policy = () =>
    JSON.parse(Buffer.from(memoryVolume(world.disk).read('ProgramData\\Bootmend\\device.json')!).toString())
      .programs;
  const other = { path: String.raw`%ProgramFiles%\Contoso\other.exe`, sha256: '1'.repeat(64) };
  assert.deepEqual(policy(), [trialProgram]);
  assert.equal((await runEnrol(host, bundle([other]))).kind, 'enrolled');
  assert.deepEqual(policy(), [other]);
  assert.equal((await runEnrol(host, bundle([trialProgram], 'fabrikam'))).kind, 'failed');
  assert.deepEqual(policy(), [other]);
  assert.equal((await runEnrol(host, bundle(undefined))).kind, 'enrolled');
  assert.equal(policy(), undefined);
});
