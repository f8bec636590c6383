import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planProvision, runProvision } from '../../../agent/provision/run-provision.ts';
import { runUnprovision } from '../../../agent/provision/run-unprovision.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import type { MemoryHost } from '../../../agent/host/memory-host.ts';
import type { LabRecoveryTools } from '../../../agent/lab/tools/lab-recovery-tools.ts';
import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { openHive } from '../../../shared/registry/hive.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { stockImage, vendorPackages } from '../../../agent/lab/tools/stock-image.ts';
import { agentBytes, createHealthyWindows, settingsFor } from '../support/healthy-windows.ts';

const requestFor = (over: Partial<Parameters<typeof runProvision>[1]> = {}) => ({
  root: 'C:\\',
  agent: agentBytes,
  settings: settingsFor(),
  say: () => undefined,
  ...over,
});

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

function expectStock(host: MemoryHost, lab: LabRecoveryTools) {
  assert.deepEqual(
    Object.fromEntries([...lab.imageFiles()].map(([name, bytes]) => [name, text(bytes)])),
    Object.fromEntries(Object.entries(stockImage).map(([name, bytes]) => [name.toLowerCase(), text(bytes)])),
  );
  assert.deepEqual(lab.trusted, lab.onPartition, 'BitLocker trusts the image that is there');
  assert.equal(host.files.find('C:\\ProgramData\\Bootmend\\scratch'), undefined);
  assert.deepEqual(lab.mistakes, []);
}

for (const hasMountRe of [true, false])
  test(`the agent gets into the image and out again byte for byte, ${hasMountRe ? 'by /mountre' : 'by DISM'}`, async () => {
    const { host, lab } = createHealthyWindows({ hasMountRe });
    const original = lab.onPartition;
    const done = await runProvision(host, requestFor());
    assert.ok(done.ok, done.ok ? '' : done.problem.message);
    assert.equal(done.value.way, hasMountRe ? 'reagentc' : 'dism');
    assert.equal(done.value.autofstx, 'removed');
    assert.deepEqual(
      done.value.drivers.map(({ name, className }) => [name, className]),
      [
        ['oem2.inf', 'SCSIAdapter'],
        ['oem1.inf', 'Net'],
      ],
    );
    assert.ok(done.value.drivers[1]!.sizeBytes > 5000);
    const files = lab.imageFiles();
    assert.equal(text(files.get(imagePlaces.agent.toLowerCase())), 'MZ agent');
    assert.match(
      text(files.get(imagePlaces.launchFile.toLowerCase())),
      /^\[LaunchApps\]\r\nX:.*bootmend\.exe, recover\r\nX:.*bootmend\.exe, relock\r\nX:.*recenv\.exe\r\n$/,
    );
    assert.ok(files.has('windows\\system32\\driverstore\\filerepository\\oem1\\wifi.sys'));
    const hive = openHive(memorySource(files.get('windows\\system32\\config\\system')!));
    assert.ok(hive.ok && readControlSets(hive.hive).current === 1);
    assert.ok(
      !text(files.get('windows\\system32\\config\\system')).replaceAll('\0', '').includes('autofstx'),
    );
    assert.deepEqual(lab.trusted, lab.onPartition);
    assert.deepEqual(lab.mistakes, []);
    assert.match(
      lab.tasks.get('\\Bootmend\\Confirm') ?? '',
      /Bootmend\\bootmend\.exe<\/Command><Arguments>confirm/,
    );
    assert.ok(!JSON.stringify(host.files.list('C:\\ProgramData\\Bootmend')).includes('scratch'));

    const undone = await runUnprovision(host, 'C:\\', () => undefined);
    assert.deepEqual(undone, { ok: true, value: { image: 'original' } });
    assert.deepEqual(lab.onPartition, original);
    assert.equal(lab.tasks.size, 0);
    assert.equal(host.files.find('C:\\Program Files\\Bootmend'), undefined);
    expectStock(host, lab);
  });

test('what is done already is not done again, and a new agent goes in over the old', async () => {
  const { host, lab } = createHealthyWindows();
  const original = lab.onPartition;
  assert.ok((await runProvision(host, requestFor())).ok);
  lab.runs.length = 0;
  const again = await runProvision(host, requestFor());
  assert.ok(again.ok && !again.value.changed);
  assert.deepEqual(
    lab.runs.filter(run => /^(dism|reagentc)/.test(run)),
    ['dism /English /Online /Get-Drivers'],
  );

  const newer = Buffer.from('MZ newer agent');
  const updated = await runProvision(host, requestFor({ agent: newer }));
  assert.ok(updated.ok && updated.value.changed, updated.ok ? '' : updated.problem.message);
  assert.equal(text(lab.imageFiles().get(imagePlaces.agent.toLowerCase())), 'MZ newer agent');
  await runUnprovision(host, 'C:\\', () => undefined);
  assert.deepEqual(lab.onPartition, original, 'the first image is the one that comes back');
});

test('a driver that came to the machine later goes into the image, one that does not fit is not tried again', async () => {
  const machine = [...vendorPackages];
  const { host, lab } = createHealthyWindows({ packages: machine });
  assert.ok((await runProvision(host, requestFor())).ok);
  machine.push({ published: 'oem9.inf', className: 'Net', files: { 'newer.sys': new Uint8Array(700) } });
  const again = await runProvision(host, requestFor());
  assert.ok(again.ok && again.value.changed, again.ok ? '' : again.problem.message);
  assert.ok(lab.imageFiles().has('windows\\system32\\driverstore\\filerepository\\oem9\\newer.sys'));

  machine.push({ published: 'oem4.inf', className: 'Net', files: { 'x.sys': new Uint8Array(1) } });
  const failing = createHealthyWindows({
    packages: machine,
    before: ({ tool, arguments: args }) =>
      tool === 'pnputil' && args[1] === 'oem4.inf'
        ? { kind: 'ended', exitCode: 5, output: '', truncated: false }
        : undefined,
  });
  const done = await runProvision(failing.host, requestFor());
  assert.deepEqual(done.ok && done.value.driversLeftOut, ['oem4.inf']);
  const once = await runProvision(failing.host, requestFor());
  assert.ok(once.ok && !once.value.changed);
  assert.deepEqual(once.value.driversLeftOut, ['oem4.inf']);
});

test('a dry run tells sizes and changes nothing', async () => {
  const { host, lab } = createHealthyWindows();
  const planned = await planProvision(host, requestFor());
  assert.ok(planned.ok && planned.value.changed);
  assert.equal(planned.value.drivers.length, 2);
  assert.deepEqual(
    lab.runs.filter(run => !/^(dism \/English|pnputil|reg query)/.test(run)),
    [],
  );
  expectStock(host, lab);
  assert.equal(lab.tasks.size, 0);
});

test('after any failure of any tool the original image is back', async () => {
  const count = await (async () => {
    const { host, lab } = createHealthyWindows();
    await runProvision(host, requestFor());
    return lab.runs.length;
  })();
  for (let failing = 1; failing <= count; failing++) {
    let number = 0;
    const { host, lab } = createHealthyWindows({
      before: () =>
        ++number === failing ? { kind: 'ended', exitCode: 5, output: '', truncated: false } : undefined,
    });
    const original = lab.onPartition;
    const done = await runProvision(host, requestFor());
    if (done.ok) continue;
    assert.match(done.problem.code, /-failed$/, `call ${failing}: ${lab.runs[failing - 1]}`);
    assert.equal(lab.tasks.size, 0);
    assert.deepEqual(lab.onPartition, original, `call ${failing}: ${lab.runs[failing - 1]}`);
    expectStock(host, lab);
  }
});

test('after any failure of any change of a file the original image is back', async () => {
  const changing = /^files\.(create|append|rename|makeDirectory|flush)$/;
  const failAt = async (failing: number) => {
    let count = 0;
    let isOn = false;
    let isInTool = false;
    const { host, lab } = createHealthyWindows(
      {},
      {
        beforeCall: ({ name }) => {
          // What a tool does with files is its own; its failures have a test of theirs.
          if (name.startsWith('tools.')) isInTool = name !== 'tools.ended';
          if (isOn && !isInTool && changing.test(name) && ++count === failing)
            throw fileError('disk-full', 'no room');
        },
      },
    );
    const original = lab.onPartition;
    isOn = true;
    const done = await runProvision(host, requestFor());
    isOn = false;
    return { done, original, host, lab, count };
  };
  const { count } = await failAt(0);
  assert.ok(count > 40, `${count} changes`);
  for (let failing = 1; failing <= count; failing++) {
    const { done, original, host, lab } = await failAt(failing).catch((error: unknown) => {
      throw new Error(`change ${failing} of ${count}`, { cause: error });
    });
    if (done.ok) continue;
    assert.deepEqual(lab.onPartition, original, `change ${failing}: ${done.problem.message}`);
    assert.equal(lab.tasks.size, 0);
    expectStock(host, lab);
  }
});

test('an image that Windows replaced since is provisioned again, not taken for done', async () => {
  const { host, lab } = createHealthyWindows();
  const stock = lab.onPartition;
  assert.ok((await runProvision(host, requestFor())).ok);
  lab.onPartition = stock;
  lab.trusted = stock;
  host.files.create('C:\\Windows\\System32\\ntoskrnl.exe', Buffer.from('a newer kernel'));
  const planned = await planProvision(host, requestFor());
  assert.ok(planned.ok && planned.value.changed);
  const again = await runProvision(host, requestFor());
  assert.ok(again.ok && again.value.changed, again.ok ? '' : again.problem.message);
  assert.equal(text(lab.imageFiles().get(imagePlaces.agent.toLowerCase())), 'MZ agent');
  const third = await runProvision(host, requestFor());
  assert.ok(third.ok && !third.value.changed);
  await runUnprovision(host, 'C:\\', () => undefined);
  assert.deepEqual(lab.onPartition, stock);
});

test('an image that reads back as another one is not believed, and the original comes back', async () => {
  for (const hasMountRe of [true, false]) {
    let isCommitted = false;
    const { host, lab } = createHealthyWindows({
      hasMountRe,
      before: ({ arguments: args }) => {
        // What was committed never came to the disk.
        if (isCommitted && args[0] === '/enable') host.files.create(staged, original);
        isCommitted ||= /^\/commit$/i.test(args.at(-1) ?? '');
        if (isCommitted && args[0] === '/enable') isCommitted = false;
        return undefined;
      },
    });
    const staged = 'C:\\Windows\\System32\\Recovery\\Winre.wim';
    const original = lab.onPartition!;
    const create = host.files.create;
    Object.assign(host.files, {
      create: (path: string, bytes: Uint8Array) => {
        if (path === staged && host.files.find(path)) host.files.remove(path);
        create(path, bytes);
      },
    });
    const done = await runProvision(host, requestFor());
    assert.equal(!done.ok && done.problem.code, 'image-file-missing');
    assert.deepEqual(lab.onPartition, original);
    expectStock(host, lab);
  }
});

test('a WinRE that reagentc itself does not name is none, and the original comes back', async () => {
  const { host, lab } = createHealthyWindows({
    before: ({ tool, arguments: args }) =>
      tool === 'reagentc' && args[0] === '/info'
        ? { kind: 'ended', exitCode: 0, output: 'Windows RE-Speicherort:\r\n', truncated: false }
        : undefined,
  });
  const original = lab.onPartition;
  const done = await runProvision(host, requestFor());
  assert.equal(!done.ok && done.problem.code, 'winre-not-told');
  assert.deepEqual(lab.onPartition, original);
  expectStock(host, lab);
});

test('an image that does not fit a partition that was not found leaves the old one working', async () => {
  const { host, lab } = createHealthyWindows({ partitionBytes: 25_000 }, { imagePlace: () => undefined });
  const original = lab.onPartition!;
  const done = await runProvision(host, requestFor({ agent: new Uint8Array(60_000) }));
  assert.ok(!done.ok);
  assert.equal(done.problem.code, 'reagentc-failed');
  assert.match(done.problem.message, /as it was/);
  assert.deepEqual(lab.onPartition, original);
  expectStock(host, lab);
});

test('a run that was cut off anywhere is taken back by the next, which then gets through', async () => {
  const whole = createHealthyWindows();
  await runProvision(whole.host, requestFor());
  const total = whole.lab.runs.length;
  for (let cut = 1; cut <= total; cut++) {
    let number = 0;
    const { host, lab } = createHealthyWindows({
      before: () => {
        if (++number === cut) throw new PowerCut();
        return undefined;
      },
    });
    const original = lab.onPartition;
    await assert.rejects(async () => {
      const done = await runProvision(host, requestFor());
      // A cut that the run takes for a failure is none: nothing runs after a power cut.
      assert.ok(!done.ok && done.problem.code === 'file-work-failed');
      throw new PowerCut();
    }, PowerCut);
    const again = await runProvision(host, requestFor());
    assert.ok(again.ok, `cut ${cut}: ${again.ok ? '' : again.problem.message}`);
    assert.equal(text(lab.imageFiles().get(imagePlaces.agent.toLowerCase())), 'MZ agent', `cut ${cut}`);
    await runUnprovision(host, 'C:\\', () => undefined);
    assert.deepEqual(lab.onPartition, original, `cut ${cut}`);
  }
});

test('Windows serviced the image since: only the agent is taken out of it', async () => {
  const { host, lab } = createHealthyWindows();
  assert.ok((await runProvision(host, requestFor())).ok);
  const serviced = [...lab.imageFiles(), ['Windows\\System32\\fixed.dll', Buffer.from('newer')] as const];
  lab.onPartition = new Uint8Array(
    Buffer.from(
      JSON.stringify(serviced.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])),
    ),
  );
  const undone = await runUnprovision(host, 'C:\\', () => undefined);
  assert.deepEqual(undone, { ok: true, value: { image: 'taken-out' } });
  const files = lab.imageFiles();
  assert.equal(text(files.get('windows\\system32\\fixed.dll')), 'newer');
  assert.equal(files.has(imagePlaces.agent.toLowerCase()), false);
  assert.ok(!text(files.get(imagePlaces.launchFile.toLowerCase())).includes('bootmend'));
});

test('what stands in the way is told before anything is touched', async () => {
  const megabyte = 1024 ** 2;
  const policyKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy';
  const inSMode = { registry: { [policyKey]: { SkuPolicyRequired: 1 } } };
  const large: (typeof vendorPackages)[number] = {
    published: 'oem7.inf',
    className: 'Net',
    files: { 'big.sys': new Uint8Array(5 * megabyte) },
  };
  const cases = [
    ['not-in-windows', /./, createHealthyWindows({}, { environment: 'recovery' })],
    [
      'disk-full',
      /has 1100 MB free; provisioning needs 2074 MB/,
      createHealthyWindows({}, { freeBytes: { C: 1100 * megabyte } }),
    ],
    [
      'recovery-partition-full',
      /has 20 MB free, and the image grows by up to 21 MB\. Enlarge .* KB5028997/,
      createHealthyWindows({ packages: [large], partitionBytes: 20 * megabyte }),
    ],
    // Windows can update WinRE there now, and could not any more.
    [
      'recovery-partition-full',
      /has 260 MB free, .* own updates of WinRE need 250 MB/,
      createHealthyWindows({ partitionBytes: 260 * megabyte }),
    ],
    [
      'agent-blocked',
      /Windows error 4551\. S mode: sign the agent/,
      createHealthyWindows({ ...inSMode, programs: 'refuses' }),
    ],
    [
      'agent-taken-away',
      /gone before it could start .*virus scanner/,
      createHealthyWindows({ ...inSMode, programs: 'takes-away' }),
    ],
    ['agent-not-started', /did not end within 60 s/, createHealthyWindows({ ...inSMode, programs: 'hangs' })],
  ] as const;
  for (const [code, words, { host, lab }] of cases)
    for (const run of [planProvision, runProvision]) {
      const first = async () => assert.fail('nothing may begin');
      const done = await run(host, requestFor({ first }));
      assert.ok(!done.ok);
      assert.equal(done.problem.code, code);
      assert.match(done.problem.message, words);
      assert.equal(host.files.find('C:\\Program Files\\Bootmend'), undefined);
      assert.ok(!lab.runs.some(one => one.startsWith('reagentc')));
      expectStock(host, lab);
    }
  const { host, lab } = createHealthyWindows();
  host.files.remove('C:\\Windows\\System32\\Recovery\\ReAgent.xml');
  const done = await runProvision(host, requestFor());
  assert.equal(!done.ok && done.problem.code, 'winre-not-configured');
  assert.deepEqual(lab.runs, []);
});

test('a partition that Windows cannot use for its updates anyway takes what fits', async () => {
  const { host, lab } = createHealthyWindows({ partitionBytes: 30 * 1024 ** 2 });
  const done = await runProvision(host, requestFor());
  assert.ok(done.ok, done.ok ? '' : done.problem.message);
  assert.ok(done.value.space && done.value.space.freeBytes > done.value.space.growthBytes);
  assert.deepEqual(lab.mistakes, []);
});

test('where only allowed programs start, the agent is tried where it will live', async () => {
  const { host, lab } = createHealthyWindows();
  const policy = new Uint8Array(64);
  policy.set([8]);
  policy.set([4], 36);
  host.files.makeDirectory('C:\\Windows\\System32\\CodeIntegrity\\CiPolicies\\Active');
  host.files.create('C:\\Windows\\System32\\CodeIntegrity\\CiPolicies\\Active\\{1}.cip', policy);
  const done = await runProvision(host, requestFor());
  assert.ok(done.ok, done.ok ? '' : done.problem.message);
  assert.ok(lab.runs.includes('C:\\Program Files\\Bootmend\\bootmend-trial.exe'));
  assert.equal(host.files.find('C:\\Program Files\\Bootmend\\bootmend-trial.exe'), undefined);
});

class PowerCut extends Error {}
