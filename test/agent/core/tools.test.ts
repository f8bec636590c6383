import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostTools, ToolRequest } from '../../../agent/host/host.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { createLabTools, type LabRun, type ToolTrouble } from '../../../agent/lab/tools/lab-tools.ts';
import { damageMark } from '../../../agent/lab/tools/chkdsk.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readServicing } from '../../../shared/registry/packages.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import type { FakeServerOptions } from '../support/fake-server.ts';
import { memoryVolume } from '../support/memory-volume.ts';
import { createWorld, listFiles, type World } from '../support/world.ts';

const update = 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1';
const script = (...steps: readonly string[]) =>
  [
    'remediation "Try it"',
    '  risk medium',
    '',
    'require crash code is 0x50',
    '',
    ...steps,
    'reboot',
    '',
  ].join('\n');
const removal = script(`remove package ${update}, accepting no undo`);

const order =
  (text: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in'
      ? server.remediate(told.message, { script: text, approval: { risk: 'medium' } })
      : { kind: 'carry-on' };

/** Whether a tool is only asked how the volume stands. */
const isLook = ({ tool }: ToolRequest) => tool === 'manage-bde';

/** The tools of the lab over a world's disk, with a record of what was asked of them. */
function toolsOf(world: World, troubleOf?: (request: LabRun) => ToolTrouble | undefined) {
  const asked: ToolRequest[] = [];
  const lab = createLabTools({
    bench: () => ({ volume: memoryVolume(world.disk), root: 'C:\\', now: new Date('2024-07-19T04:30:00Z') }),
    ...(troubleOf ? { troubleOf } : {}),
  });
  const tools: HostTools = {
    ...lab,
    run: request => {
      if (!isLook(request)) asked.push(request);
      return lab.run(request);
    },
  };
  return { tools, asked };
}

function stateOf(world: World, identity: string): string | undefined {
  const read = (name: string) => memoryVolume(world.disk).read(`Windows\\System32\\config\\${name}`);
  const recovered = recoverHive(memorySource(read('SOFTWARE')!), {});
  assert.ok(recovered.ok);
  return readServicing(recovered.hive).packages.find(one => one.name === identity)?.state;
}

async function attempt(text: string, troubleOf?: (request: LabRun) => ToolTrouble | undefined) {
  const world = await createWorld(machine, { decide: order(text) });
  const before = listFiles(world.disk);
  const { tools, asked } = toolsOf(world, troubleOf);
  const host = world.start({ tools });
  const end = await runRecovery(host);
  return { world, before, asked, host, end, outcome: world.server.outcomes.at(-1) };
}

const dismOnly = (trouble: ToolTrouble) => (request: LabRun) =>
  request.tool === 'dism' ? trouble : undefined;

test('an update is removed by DISM on the volume it repairs, behind saved hives and boot options', async () => {
  const { world, asked, end, outcome, host } = await attempt(removal);
  assert.deepEqual(end, { kind: 'reboot' }, JSON.stringify(host.entries, null, 1));
  assert.equal(stateOf(world, update), 'absent');
  assert.deepEqual(
    asked.map(one => [one.tool, ...one.arguments]),
    [
      ['bcdedit', '/export', `C:\\ProgramData\\Bootmend\\saved\\${outcome?.attemptId}\\BCD`],
      [
        'dism',
        '/English',
        '/Image:C:\\',
        '/ScratchDir:C:\\ProgramData\\Bootmend\\scratch',
        '/Remove-Package',
        `/PackageName:${update}`,
      ],
    ],
  );
  assert.equal(outcome?.state, 'applied');
  assert.deepEqual(outcome.steps[0]?.changes, [
    {
      kind: 'run-tool',
      path: 'C:\\Windows',
      tool: 'dism',
      what: `remove package ${update} (installed)`,
      ended: 'dism-done',
      provenBy: 'volume',
    },
  ]);
  const saved = `C:\\ProgramData\\Bootmend\\saved\\${outcome.attemptId}`;
  for (const name of ['SYSTEM', 'SYSTEM.LOG1', 'SOFTWARE', 'COMPONENTS', 'BCD'])
    assert.ok(world.disk.find(parsePath(`${saved}\\${name}`)), name);
});

describe('a tool that fails', () => {
  test('surely did nothing: all is taken back, and the reason is told', async () => {
    const { world, before, outcome, end } = await attempt(
      script(
        String.raw`rename %SystemRoot%\notepad.exe to notepad.off`,
        `remove package ${update}, accepting no undo`,
      ),
      dismOnly({ refuses: 0x800f082f }),
    );
    assert.deepEqual([outcome?.state, outcome?.code, outcome?.line], ['undone', 'dism-not-done', 7]);
    assert.match(outcome?.reason ?? '', /0x800f082f: the image has to be started/);
    assert.equal(end.kind, 'handed-over');
    assert.deepEqual(listFiles(world.disk), before);
  });

  test('says that it succeeded and did nothing: nobody believes it, and a person must look', async () => {
    const { world, outcome, end } = await attempt(removal, dismOnly('lies'));
    assert.equal(stateOf(world, update), 'installed');
    assert.deepEqual([outcome?.state, outcome?.code], ['stuck', 'verify-failed']);
    assert.equal(end.kind, 'handed-over');
  });

  for (const trouble of ['hangs', 'dies'] as const)
    test(`${trouble}, its work done: the volume shows it, so it counts`, async () => {
      const { outcome, end } = await attempt(removal, dismOnly(trouble));
      assert.deepEqual([outcome?.state, end.kind], ['applied', 'reboot']);
    });

  test('hangs, and nothing but its word would show the work: taken back and told', async () => {
    const { outcome } = await attempt(script('repair file system'), () => 'hangs');
    assert.deepEqual([outcome?.state, outcome?.code], ['undone', 'tool-timed-out']);
  });

  test('is not there: nothing is done', async () => {
    const world = await createWorld(machine, { decide: order(removal) });
    const before = listFiles(world.disk);
    await runRecovery(world.start());
    assert.deepEqual(
      [world.server.outcomes[0]?.state, world.server.outcomes[0]?.code],
      ['undone', 'boot-options-not-saved'],
    );
    assert.deepEqual(listFiles(world.disk), before);
  });
});

test('on a battery that may not last, a step without a way back is not begun', async () => {
  const world = await createWorld(machine, { decide: order(removal) });
  const { tools, asked } = toolsOf(world);
  await runRecovery(world.start({ tools, power: { source: 'battery', percent: 12 } }));
  assert.equal(world.server.outcomes[0]?.code, 'battery-low');
  assert.deepEqual(asked, []);
});

test('with too little room to save the hives, nothing is begun', async () => {
  const world = await createWorld(machine, { decide: order(removal) });
  const { tools, asked } = toolsOf(world);
  await runRecovery(world.start({ tools, freeBytes: { C: 10_000_000 } }));
  assert.deepEqual(
    [world.server.outcomes[0]?.state, world.server.outcomes[0]?.code],
    ['undone', 'disk-full'],
  );
  assert.deepEqual(asked, []);
});

test('a repair is run again until it is true: the second run finds nothing to do and says so', async () => {
  const world = await createWorld(machine, { decide: order(script('repair file system')) });
  world.disk.place(parsePath(`C:\\${damageMark}`).components, { bytes: new Uint8Array(1), writtenAtMs: 1 });
  const { tools, asked } = toolsOf(world);
  assert.deepEqual(await runRecovery(world.start({ tools })), { kind: 'reboot' });
  assert.equal(world.disk.find(parsePath(`C:\\${damageMark}`)), undefined);
  const failedAgain = { ...world.startReason, failedStarts: 3 };
  assert.deepEqual(await runRecovery(world.start({ tools, startReason: failedAgain })), { kind: 'reboot' });
  assert.deepEqual(
    asked.map(one => one.arguments),
    [
      ['C:', '/f', '/x'],
      ['C:', '/f', '/x'],
    ],
  );
});

test('safe mode and back', async () => {
  for (const [step, wanted] of [
    ['set boot option safe mode with network', ['/set', '{default}', 'safeboot', 'network']],
    ['set boot option boot log', ['/set', '{default}', 'bootlog', 'yes']],
  ] as const) {
    const { asked, end } = await attempt(script(step));
    assert.equal(end.kind, 'reboot');
    // The store is exported and read before and after: BCDEdit is not believed.
    const exported = ['/export', 'C:\\ProgramData\\Bootmend\\scratch\\BCD'];
    assert.deepEqual(
      asked.map(one => one.arguments),
      [exported, wanted, exported],
    );
  }
});

test('BCDEdit that says it succeeded and did nothing is caught by reading the store', async () => {
  const { outcome, before, world } = await attempt(
    script('set boot option safe mode'),
    ({ arguments: [first] }) => (first === '/set' ? 'lies' : undefined),
  );
  assert.deepEqual([outcome?.state, outcome?.code], ['undone', 'boot-option-not-true']);
  assert.deepEqual(listFiles(world.disk), before);
});

test('a forged journal starts no tool and takes nothing: a person must look', async () => {
  const { world, outcome } = await attempt(removal);
  const path = `C:\\ProgramData\\Bootmend\\journal\\${outcome!.attemptId}.journal`;
  const text = Buffer.from(world.disk.read(parsePath(path), 0, 1e6)).toString();
  // Everything but the last word is as it was written, so every checksum fits: as if the tool had never ended.
  const open = text.slice(0, text.lastIndexOf('\n', text.indexOf('"tool-ended"')));
  world.disk.place(parsePath(path).components, { bytes: Buffer.from(open), writtenAtMs: 1 });
  const hive = 'C:\\Windows\\System32\\config\\SOFTWARE';
  const { installFilter } = await import('../support/filter-machine.ts');
  installFilter(memoryVolume(world.disk));
  world.disk.remove(parsePath(`C:\\ProgramData\\Bootmend\\journal\\${outcome!.attemptId}.mend`));
  const before = listFiles(world.disk);
  const { tools, asked } = toolsOf(world);
  const end = await runRecovery(world.start({ tools }));
  assert.deepEqual([asked.length, end.kind], [0, 'handed-over'], JSON.stringify(end));
  assert.deepEqual(listFiles(world.disk), before, hive);
});
