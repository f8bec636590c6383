import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentCommands, agentUsage, exitCodes } from '../../agent/command-line.ts';
import { runRecovery } from '../../agent/core/run-recovery.ts';
import type { MemoryDisk } from '../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../agent/host/memory-host.ts';
import { parsePath } from '../../agent/host/windows-path.ts';
import { buildBootStatus } from '../../agent/lab/logs/boot-status.ts';
import { imagePlaces } from '../../shared/winre/agent-settings.ts';
import { type ProvisionRecord, writeProvisionRecord } from '../../agent/provision/provision-record.ts';
import type { AgentStatus } from '../../agent/provision/status.ts';
import type { Readiness } from '../../shared/wire/readiness.ts';
import { serverAddress } from './support/fake-server.ts';
import { bootmend, createMachine } from './support/healthy-machine.ts';
import { vendorPackages } from '../../agent/lab/tools/stock-image.ts';
import { createHealthyWindows } from './support/healthy-windows.ts';

/** What Windows notes of its starts. */
function place(disk: MemoryDisk, startNumber: number, lastCleanStopNumber: number): void {
  const bytes = buildBootStatus({
    wasLastStartGood: true,
    wasLastStopClean: false,
    lastAliveAt: new Date('2026-11-25T12:00:00Z'),
    startNumber,
    lastCleanStopNumber,
  });
  disk.place(['Windows', 'bootstat.dat'], { bytes, writtenAtMs: 1 });
}

test('a machine is provisioned, tested, confirmed and freed again', async () => {
  const { server, host, disk, lab } = createMachine();
  const original = lab.onPartition;
  const before = await bootmend(host, 'status', '--json');
  assert.equal(before.code, exitCodes.failed);
  assert.equal((JSON.parse(before.out) as AgentStatus).enrolled, 'no');
  assert.equal((await bootmend(host, 'test')).code, exitCodes.failed);

  const planned = await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json', '--dry-run');
  assert.equal(planned.code, exitCodes.done, planned.error);
  assert.match(planned.out, /driver oem1\.inf \(Net\) +\d+ bytes/);
  assert.equal(server.told.length, 0, 'a dry run enrols nobody');

  const done = await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  assert.equal(done.code, exitCodes.done, done.error);
  const settings = Buffer.from(lab.imageFiles().get(imagePlaces.settings.toLowerCase())!).toString();
  assert.ok(!settings.includes('bm-enrol'), 'the token of a machine does not go into its image');
  assert.ok(!settings.includes('secretKey'), 'nor does its key');
  assert.equal((await bootmend(host, 'status')).code, exitCodes.done);

  const armed = await bootmend(host, 'test');
  assert.deepEqual([armed.code, lab.bootToRe], [exitCodes.done, 1]);
  const recovery = createMemoryHost({
    disks: { C: disk },
    bootEntryVolume: 'C:\\',
    servers: { [serverAddress]: server.memoryServer },
    identity: { name: 'MININT-1', serial: 'B5RJ12' },
    wallMs: Date.parse('2026-11-25T13:00:00Z'),
    seed: 9,
  });
  assert.deepEqual(await runRecovery(recovery), { kind: 'reboot' });
  const asked = server.told.flatMap(one => (one.kind === 'check-in' ? [one.message.device] : []));
  assert.deepEqual(asked, [{ serial: 'B5RJ12' }], 'a copied disk is noticed by it');
  assert.equal(
    recovery.files.find('C:\\ProgramData\\Bootmend\\turn.json'),
    undefined,
    'a marker is good for one start',
  );

  const confirmed = await bootmend(host, 'confirm', '--json');
  assert.equal(confirmed.code, exitCodes.done, confirmed.out);
  const told = server.told.flatMap(one => (one.kind === 'readiness' ? [one.message] : []));
  assert.equal(told.length, 1);
  const readiness = await bootmend(host, 'readiness', '--json');
  const { findings, score } = JSON.parse(readiness.out) as Readiness;
  assert.deepEqual(
    findings.filter(one => one.state !== 'good').map(one => one.code),
    ['bitlocker'],
  );
  assert.ok(score >= 90, `${score}`);
  assert.equal(readiness.code, exitCodes.done);

  const undone = await bootmend(host, 'unprovision');
  assert.equal(undone.code, exitCodes.done, undone.error);
  assert.deepEqual(lab.onPartition, original);
  assert.deepEqual(lab.mistakes, []);
});

test('a proxy goes into the settings of machine and image, also of one that is enrolled, and never with a password', async () => {
  const { server, host, lab } = createMachine();
  const provision = (...words: string[]) =>
    bootmend(host, 'provision', '--bundle', 'C:\\bundle.json', ...words);
  assert.equal((await provision()).code, exitCodes.done);
  assert.match((await bootmend(host, 'status')).out, /, directly$/m);
  const refused = await provision('--proxy', 'ada:hunter2@proxy:3128');
  assert.deepEqual([refused.code, refused.error.includes('hunter2')], [exitCodes.failed, false]);
  assert.match(refused.error, /bundle-invalid: .*HOST:PORT, without a user name/);

  const enrolments = server.told.length;
  assert.equal((await provision('--proxy', 'proxy.contoso.example:3128')).code, exitCodes.done);
  assert.equal(server.told.length, enrolments, 'it is the same machine');
  const settings = Buffer.from(lab.imageFiles().get(imagePlaces.settings.toLowerCase())!).toString();
  assert.ok(settings.includes('"proxy":"proxy.contoso.example:3128"'));
  assert.match(
    (await bootmend(host, 'status')).out,
    /through the proxy proxy\.contoso\.example:3128, then directly$/m,
  );
  const { proxy } = JSON.parse((await bootmend(host, 'status', '--json')).out) as AgentStatus;
  assert.equal(proxy, 'proxy.contoso.example:3128');
  // Without one it goes again.
  assert.equal((await provision()).code, exitCodes.done);
  assert.match((await bootmend(host, 'status')).out, /, directly$/m);
});

test('readiness names a driver that came after provisioning, and one that did not fit', async () => {
  const { host, disk } = createMachine();
  assert.equal((await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json')).code, exitCodes.done);
  const place = 'C:\\ProgramData\\Bootmend\\provision.json';
  const record = JSON.parse(
    Buffer.from(disk.read(parsePath(place), 0, 100_000)).toString(),
  ) as ProvisionRecord;
  const findingFor = async (change: Partial<ProvisionRecord>) => {
    writeProvisionRecord(host, 'C:\\', { ...record, ...change });
    const { findings } = JSON.parse((await bootmend(host, 'readiness', '--json')).out) as Readiness;
    return findings.find(one => one.code === 'drivers-in-image');
  };
  const [storage] = record.drivers;
  assert.ok(storage);
  assert.equal((await findingFor({}))?.state, 'good');
  const later = await findingFor({ drivers: [storage] });
  assert.equal(later?.state, 'bad');
  assert.match(later.found, /not in WinRE: oem1\.inf \(Net\)/);
  assert.match(later.command ?? '', /bootmend provision/);
  const left = await findingFor({ drivers: [storage], driversLeftOut: ['oem1.inf'] });
  assert.equal(left?.state, 'bad');
  assert.match(left.found, /Too large for WinRE, or not taken: oem1\.inf \(Net\)/);
});

test('a driver that came later goes into the image once Windows ran well with it, and never takes the image along', async () => {
  const machine = [...vendorPackages];
  let refusing = false;
  const { host, disk, lab } = createMachine(
    {},
    {},
    {
      packages: machine,
      refuses: ({ tool, arguments: args }) =>
        refusing && tool === 'dism' && args[1] === '/Add-Driver' && args[2]!.includes('oem8'),
    },
  );
  assert.equal((await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json')).code, exitCodes.done);
  const original = lab.imageFiles().size;
  const start = async (startNumber: number, lastCleanStopNumber: number) => {
    place(disk, startNumber, lastCleanStopNumber);
    const { image } = JSON.parse((await bootmend(host, 'confirm', '--json')).out) as {
      image: { kind: string };
    };
    return image.kind;
  };
  const isIn = (name: string) =>
    [...lab.imageFiles().keys()].some(one => one.includes(`filerepository\\${name}\\`));
  assert.equal(await start(100, 99), 'ours');
  machine.push({ published: 'oem9.inf', className: 'Net', files: { 'dock.sys': new Uint8Array(700) } });
  assert.equal(await start(101, 100), 'unchanged', 'noted');
  assert.equal(await start(101, 100), 'unchanged', 'the daily run proves nothing');
  assert.equal(await start(102, 100), 'unchanged', 'the machine crashed with it');
  assert.equal(await start(103, 102), 'unchanged', 'noted again');
  assert.equal(isIn('oem9'), false);
  assert.equal(await start(104, 103), 'drivers-added');
  assert.ok(isIn('oem9') && isIn('oem1'));
  assert.ok(lab.imageFiles().size > original);
  assert.equal(await start(105, 104), 'ours', 'looked into once more');

  // One that DISM does not take costs the image nothing but itself.
  machine.push({ published: 'oem8.inf', className: 'SCSIAdapter', files: { 'x.sys': new Uint8Array(9) } });
  assert.equal(await start(106, 105), 'unchanged');
  refusing = true;
  assert.equal(await start(107, 106), 'drivers-left-out');
  assert.ok(isIn('oem9') && !isIn('oem8'));
  assert.equal((await bootmend(host, 'status')).code, exitCodes.done);
  assert.deepEqual(lab.trusted, lab.onPartition);
  assert.equal(await start(108, 107), 'ours');
  assert.equal(await start(109, 108), 'unchanged', 'and is not tried again');
  assert.deepEqual(lab.mistakes, []);
});

test('readiness names what lacks, with advice', async () => {
  const { host } = createMachine();
  const ran = await bootmend(host, 'readiness');
  assert.equal(ran.code, exitCodes.failed);
  for (const advice of [/bootmend provision/, /bootmend enrol/, /bootmend test --restart/])
    assert.match(ran.out, advice);
});

test('a feature update that brought a new image is noticed by confirm and mended', async () => {
  const freeBytes = { C: 10 * 1024 ** 3 };
  const { host, lab } = createMachine({ freeBytes });
  await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  const ours = lab.onPartition;
  assert.match((await bootmend(host, 'confirm')).out, /recovery image: ours/);
  assert.match((await bootmend(host, 'confirm')).out, /recovery image: unchanged/);
  const stock = createHealthyWindows();
  lab.onPartition = stock.lab.onPartition;
  host.files.create('C:\\Windows\\System32\\ntoskrnl.exe', Buffer.from('a newer kernel'));
  freeBytes.C = 1000;
  const full = await bootmend(host, 'confirm');
  assert.deepEqual([full.code, full.out.includes('recovery image: lost')], [exitCodes.failed, true]);
  freeBytes.C = 10 * 1024 ** 3;
  assert.match((await bootmend(host, 'confirm')).out, /recovery image: mended/);
  assert.deepEqual(lab.onPartition, ours);
});

test('a crash loop after logon sends the machine to the recovery environment, a pulled plug does not', async () => {
  const { host, disk, lab } = createMachine();
  await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  const start = async (startNumber: number, lastCleanStopNumber: number) => {
    place(disk, startNumber, lastCleanStopNumber);
    const { out } = await bootmend(host, 'confirm', '--json');
    return (JSON.parse(out) as { starts: string }).starts;
  };
  assert.equal(await start(100, 99), 'in-order');
  assert.equal(await start(101, 99), 'unexpected');
  assert.equal(await start(101, 99), 'nothing', 'the daily run counts nothing twice');
  assert.equal(await start(102, 101), 'in-order');
  assert.equal(await start(103, 101), 'unexpected');
  assert.equal(lab.bootToRe, 0);
  assert.equal(await start(104, 101), 'armed');
  assert.equal(lab.bootToRe, 1);
  const marker = Buffer.from(
    disk.read(parsePath('C:\\ProgramData\\Bootmend\\turn.json'), 0, 1000),
  ).toString();
  assert.match(marker, /crash-loop-after-logon/);
  await host.clock.wait(40 * 60_000);
  assert.equal(await start(104, 101), 'disarmed', 'a machine that runs calmly since is not sent there');
});

test('starts out of order that lie far apart are no loop, and a machine that cannot be sent has no marker', async () => {
  let refusing = true;
  const { host, disk, lab } = createMachine(
    {},
    {},
    { refuses: ({ tool, arguments: args }) => refusing && tool === 'reagentc' && args[0] === '/boottore' },
  );
  refusing = false;
  await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  refusing = true;
  let number = 100;
  const start = async () => {
    place(disk, number++, 99);
    return (JSON.parse((await bootmend(host, 'confirm', '--json')).out) as { starts: string }).starts;
  };
  assert.equal(await start(), 'in-order');
  for (let hour = 1; hour <= 5; hour++) {
    assert.equal(await start(), 'unexpected', `hour ${hour}`);
    await host.clock.wait(60 * 60_000);
  }
  for (const seen of ['unexpected', 'unexpected', 'not-armed']) assert.equal(await start(), seen);
  assert.equal(lab.bootToRe, 0);
  assert.equal(disk.find(parsePath('C:\\ProgramData\\Bootmend\\turn.json')), undefined);
});

test('Wi-Fi for the recovery environment comes from a reagentc file, with every mistake named', async () => {
  const { host, disk } = createMachine();
  host.files.create(
    'C:\\wifi.xml',
    Buffer.from(
      '<WindowsRE><WifiCredential><Wifi ssid="Rescue" password="hunter2hunter2"/></WifiCredential></WindowsRE>',
    ),
  );
  const ran = await bootmend(host, 'wifi', 'C:\\wifi.xml');
  assert.deepEqual([ran.code, ran.out], [exitCodes.done, 'Networks, in this order: Rescue.']);
  assert.ok(disk.find(parsePath('C:\\ProgramData\\Bootmend\\network.json')));
  host.files.create(
    'C:\\wrong.xml',
    Buffer.from('<WindowsRE><AutoRemediation state="1" totalwaittime="5" waitinterval="9"/></WindowsRE>'),
  );
  const wrong = await bootmend(host, 'wifi', 'C:\\wrong.xml');
  assert.equal(wrong.code, exitCodes.failed);
  assert.match(wrong.error, /^C:\\wrong\.xml:1:12: interval-above-total: /);
});

test('the settings of Windows’ own recovery are checked, given, read back and shown, and no password with them', async () => {
  const { host, lab } = createMachine();
  const settings = (...words: string[]) => bootmend(host, 'recovery-settings', ...words);
  const none = await settings();
  assert.equal(none.code, exitCodes.failed);
  assert.match(none.error, /^settings-not-told: /);

  const file = 'C:\\qmr.xml';
  host.files.create(
    file,
    Buffer.from(
      '<WindowsRE><WifiCredential><Wifi ssid="R &amp; D" password="hunter2hunter2"/></WifiCredential>' +
        '<CloudRemediation state="1"/><AutoRemediation state="1" totalwaittime="4320" waitinterval="1"/></WindowsRE>',
    ),
  );
  const words = [
    'Cloud remediation: on.',
    'Automatic remediation: on, a look every 1 minutes, for 4320 minutes.',
    'Networks, in this order: R & D.',
  ].join('\n');
  const dry = await settings(file, '--dry-run');
  assert.deepEqual([dry.code, dry.out], [exitCodes.done, `${words}\nNothing was changed.`]);
  assert.equal(lab.settings, undefined);
  const given = await settings(file);
  assert.deepEqual([given.code, given.out], [exitCodes.done, words], given.error);
  assert.match(lab.settings ?? '', /<Wifi ssid="R &amp; D" password="hunter2hunter2"\/>/);
  const left = (host.files.list('C:\\ProgramData\\Bootmend') ?? []).map(one => one.name);
  assert.ok(!left.some(name => name.includes('recovery-settings')), 'the file with passwords is gone');
  const shown = await settings('--json');
  assert.ok(!shown.out.includes('hunter2') && shown.out.includes('"totalWaitMinutes": 4320'));

  host.files.create(
    'C:\\wrong.xml',
    Buffer.from('<WindowsRE><AutoRemediation state="1" totalwaittime="4321"/></WindowsRE>'),
  );
  const wrong = await settings('C:\\wrong.xml');
  assert.equal(wrong.code, exitCodes.failed);
  assert.match(wrong.error, /^C:\\wrong\.xml:1:12: minutes-invalid: /);
  assert.match(lab.settings ?? '', /4320/, 'Windows keeps what it had');

  // The recovery environment waits as long, unless Bootmend's own document says something.
  const waits = async () => (JSON.parse((await bootmend(host, 'status', '--json')).out) as AgentStatus).waits;
  const windows = { waitIntervalMinutes: 1, totalWaitMinutes: 4320, from: 'windows' };
  assert.deepEqual(await waits(), windows);
  assert.equal((await bootmend(host, 'enrol', '--bundle', 'C:\\bundle.json')).code, exitCodes.done);
  assert.deepEqual(await waits(), { waitIntervalMinutes: 30, totalWaitMinutes: 180, from: 'document' });
  host.files.remove('C:\\ProgramData\\Bootmend\\device.json');
  assert.deepEqual(await waits(), windows);
  lab.settings = undefined;
  await bootmend(host, 'confirm');
  assert.equal((await waits()).from, 'default');
  assert.deepEqual(lab.mistakes, []);
});

test('each command stands in the help, and a slip is told with what was probably meant', async () => {
  const { host, lab } = createMachine();
  for (const word of ['help', '--help', '-h', '/?']) {
    const asked = await bootmend(host, word);
    assert.deepEqual([asked.code, asked.out, asked.error], [exitCodes.done, agentUsage, ''], word);
  }
  assert.ok(agentUsage.split('\n').every(line => line.length <= 120));
  for (const command of agentCommands) {
    assert.match(agentUsage, new RegExp(`^  ${command} `, 'm'));
    const helped = await bootmend(host, command, '--help');
    assert.deepEqual([helped.code, helped.error], [exitCodes.done, ''], command);
    const wrong = await bootmend(host, command, '--nonsense');
    assert.deepEqual([wrong.code, wrong.out], [exitCodes.usage, ''], command);
    assert.match(wrong.error, /^wrong-usage: There is no option --nonsense\.\nusage: bootmend COMMAND/);
  }
  const slips = [
    [['provison'], 'There is no command provison. Did you mean provision?'],
    [['status', '--jsn'], 'There is no option --jsn. Did you mean --json?'],
    [['enrol', '--bundle'], '--bundle needs a value.'],
  ] as const;
  for (const [argv, said] of slips)
    assert.equal((await bootmend(host, ...argv)).error, `wrong-usage: ${said}\n${agentUsage}`);
  assert.deepEqual(lab.mistakes, []);
});

test('what is wrong with a bundle is told, and wrong words are usage', async () => {
  const { host, lab } = createMachine();
  host.files.create('C:\\bad.json', Buffer.from('{"organization":"contoso"}'));
  assert.match((await bootmend(host, 'provision', '--bundle', 'C:\\bad.json')).error, /^bundle-invalid: /);
  assert.match((await bootmend(host, 'enrol', '--bundle', 'C:\\none.json')).error, /^not-found: /);
  assert.match((await bootmend(host, 'heal', '--volume', 'C:')).error, /^volume-runs: /);
  for (const argv of [
    [],
    ['fly'],
    ['status', 'x'],
    ['provision'],
    ['heal', '--volume', 'nowhere'],
    ['test', '--fast'],
  ])
    assert.equal((await bootmend(host, ...argv)).code, exitCodes.usage, argv.join(' '));
  assert.deepEqual(lab.mistakes, []);
});

test('with --json every command tells one document and nothing else, whether it works or not', async () => {
  const { host } = createMachine();
  host.files.create(
    'C:\\wrong.xml',
    Buffer.from('<WindowsRE><AutoRemediation waitinterval="0"/></WindowsRE>'),
  );
  const wifi =
    '<WindowsRE><WifiCredential><Wifi ssid="Rescue" password="hunter2hunter2"/></WifiCredential></WindowsRE>';
  host.files.create('C:\\wifi.xml', Buffer.from(wifi));
  const bundle = ['--bundle', 'C:\\bundle.json'];
  const commands: readonly (readonly string[])[] = [
    ['status'],
    ['readiness'],
    ['test'],
    ['confirm'],
    ['unprovision'],
    ['relock'],
    ['recover'],
    ['enrol', '--bundle', 'C:\\none.json'],
    ['provision', '--bundle', 'C:\\none.json'],
    ['wifi', 'C:\\none.xml'],
    ['wifi', 'C:\\wrong.xml'],
    ['wifi', 'C:\\wifi.xml'],
    ['recovery-settings', 'C:\\wrong.xml'],
    ['recovery-settings'],
    ['recovery-settings', 'C:\\wifi.xml', '--dry-run'],
    ['recovery-settings', 'C:\\wifi.xml'],
    ['heal', '--volume', 'C:'],
    ['heal', '--volume', 'Q:'],
    ['enrol', ...bundle],
    ['provision', ...bundle, '--dry-run'],
    ['provision', ...bundle],
    ['provision', ...bundle],
    ['status'],
    ['readiness', '--send'],
    ['test'],
    ['confirm'],
    ['unprovision'],
    ['fieldtest'],
  ];
  for (const argv of commands) {
    const { out } = await bootmend(host, ...argv, '--json');
    const document: unknown = JSON.parse(out || '"nothing"');
    assert.ok(typeof document === 'object' && document !== null, argv.join(' '));
    assert.ok(!out.includes('hunter2'), argv.join(' '));
  }
});
