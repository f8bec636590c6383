import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { buildBootStore, type LabBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import type { MemoryHost } from '../../../agent/host/memory-host.ts';
import { type LabBitLockerVolume, LabBitLocker } from '../../../agent/lab/tools/lab-bitlocker.ts';
import type { LabRecoveryOptions } from '../../../agent/lab/tools/lab-recovery-tools.ts';
import { readReadiness } from '../../../agent/provision/readiness/read-readiness.ts';
import { createHealthyWindows } from '../support/healthy-windows.ts';
import { bootmend, createMachine } from '../support/healthy-machine.ts';

const keyId = '{12345678-ABCD-ABCD-ABCD-1234567890AB}';
const policyKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy';

/** A healthy Windows whose volume is encrypted, with a German manage-bde. */
function encrypted(over: Partial<LabBitLockerVolume> = {}) {
  const recoveryPassword = Array.from({ length: 8 }, () => '000011').join('-');
  const volume = { drive: 'C:', isEncrypted: true, locked: false, keyId, recoveryPassword, ...over };
  return new LabBitLocker([volume], 'german');
}

const withBitLocker = (host: MemoryHost, { tools }: LabBitLocker): MemoryHost => ({
  ...host,
  tools: {
    ...host.tools,
    run: request => (request.tool === 'manage-bde' ? tools : host.tools).run(request),
  },
});

const findingsOf = async (host: MemoryHost) => {
  const { findings } = await readReadiness(host, 'C:\\');
  return new Map(findings.map(one => [one.code, one]));
};

async function findingsWith(bitLocker: LabBitLocker) {
  const { host, lab } = createHealthyWindows();
  const found = await findingsOf(withBitLocker(host, bitLocker));
  assert.deepEqual([bitLocker.mistakes, lab.mistakes.filter(one => !one.startsWith('bcdedit'))], [[], []]);
  return found;
}

test('whatever is not good says in a sentence what a person can do', async () => {
  const { host } = createHealthyWindows();
  const findings = [...(await findingsOf(host)).values()];
  assert.ok(findings.length >= 14);
  for (const { state, code, found, advice = '' } of findings) {
    assert.match(found, /\.$/, code);
    if (state !== 'good') assert.match(advice, /^[A-Z].*[.]$/s, code);
  }
});

test('what keeps a failed start from WinRE, and a crash from its dump, is told', async () => {
  const foundWith = async (store: LabBootStore, crashControl = { AutoReboot: 1, CrashDumpEnabled: 7 }) => {
    const { host } = createHealthyWindows({
      registry: { 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl': crashControl },
      before: ({ tool, arguments: args }) => {
        if (tool !== 'bcdedit' || args[0] !== '/export') return undefined;
        host.files.create(args[1]!, buildBootStore(store));
        return { kind: 'ended', exitCode: 0, output: '', truncated: false };
      },
    });
    const found = await findingsOf(host);
    assert.equal(host.files.find('C:\\ProgramData\\Bootmend\\bcd-export'), undefined);
    return [found.get('failure-policy'), found.get('crash-settings')] as const;
  };
  const [policy, crash] = await foundWith({});
  assert.deepEqual([policy?.state, crash?.state], ['good', 'good']);
  const [ignoring] = await foundWith({ bootStatusPolicy: 1 });
  assert.deepEqual([ignoring?.state, /bootstatuspolicy/.test(ignoring?.command ?? '')], ['bad', true]);
  assert.equal((await foundWith({ bootStatusPolicy: 2 }))[0]?.state, 'good');
  const [off] = await foundWith({ recoveryEnabled: false });
  assert.deepEqual([off?.state, /recoveryenabled yes/.test(off?.command ?? '')], ['bad', true]);
  const [, stays] = await foundWith({}, { AutoReboot: 0, CrashDumpEnabled: 7 });
  assert.deepEqual([stays?.state, stays?.found], ['bad', 'Windows stays on the blue screen.']);
  const [, none] = await foundWith({}, { AutoReboot: 1, CrashDumpEnabled: 0 });
  assert.deepEqual([none?.state, none?.found], ['bad', 'Windows writes no dump.']);
});

test('what was good once and is not any more is told, and status and exit code with it', async () => {
  const dayMs = 86_400_000;
  const { host, lab, disk } = createMachine();
  assert.equal((await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json')).code, 0);
  const stateOf = async (code: string) => (await findingsOf(host)).get(code)?.state;
  const place = 'C:\\ProgramData\\Bootmend\\';
  const change = (name: string, over: object) => {
    const { components } = parsePath(place + name);
    const before = JSON.parse(Buffer.from(disk.read(parsePath(place + name), 0, 1e6)).toString()) as object;
    const bytes = new Uint8Array(Buffer.from(JSON.stringify({ ...before, ...over })));
    disk.place(components, { bytes, writtenAtMs: 1 });
    return () => change(name, before);
  };
  const isReady = async () => (await bootmend(host, 'status')).code === 0;
  assert.ok(await isReady());

  const report = (over: object) =>
    new Uint8Array(
      Buffer.from(
        JSON.stringify({
          version: 1,
          ok: true,
          agentVersion: '0.1.0',
          atWallMs: host.clock.wallMs(),
          story: [],
          ...over,
        }),
      ),
    );
  const tested = (over: object) =>
    disk.place(parsePath(`${place}last-test.json`).components, { bytes: report(over), writtenAtMs: 1 });
  assert.equal(await stateOf('tested'), 'bad');
  tested({});
  assert.equal(await stateOf('tested'), 'good');
  tested({ atWallMs: host.clock.wallMs() - 91 * dayMs });
  assert.equal(await stateOf('tested'), 'bad', 'too long ago');
  tested({ ok: false, problem: { phase: 'network', code: 'no-network', message: 'There is no network.' } });
  const failed = (await findingsOf(host)).get('tested');
  assert.deepEqual([failed?.state, failed?.found], ['bad', 'The last test failed in network: no-network.']);

  const sameVersion = change('provision.json', { agentVersion: '0.0.1' });
  assert.equal(await stateOf('agent-in-image'), 'bad', 'an older agent');
  sameVersion();
  assert.equal(await stateOf('agent-in-image'), 'good');
  const active = change('device.json', { state: 'pending' });
  assert.deepEqual([await stateOf('enrolled'), await isReady()], ['bad', false]);
  active();
  const task = lab.tasks.get('\\Bootmend\\Confirm')!;
  lab.tasks.clear();
  assert.equal(await stateOf('confirm-task'), 'bad');
  lab.tasks.set('\\Bootmend\\Confirm', task);
  assert.deepEqual([await stateOf('confirm-task'), await stateOf('winre-on')], ['good', 'good']);
  await host.tools.run({ tool: 'reagentc', arguments: ['/disable'], timeoutMs: 1000 });
  assert.deepEqual([await stateOf('winre-on'), await isReady()], ['bad', false]);
  assert.equal((await bootmend(host, 'readiness')).code, 40);
});

test('a clock before what is known to be over is told', async () => {
  const clockOf = async (wallMs: number) =>
    (await findingsOf(createHealthyWindows({}, { wallMs }).host)).get('clock')?.state;
  assert.deepEqual(
    [await clockOf(Date.UTC(2015, 0, 1)), await clockOf(Date.UTC(2030, 0, 1))],
    ['bad', 'good'],
  );
});

test('a start that waits for a person is told, in a Windows of any language', async () => {
  const byTpm = await findingsWith(encrypted());
  assert.equal(byTpm.get('start-without-person')?.state, 'good');
  for (const [startedBy, words] of [
    ['TPMAndPIN', /asks a person for something \(TPMAndPIN\)/],
    ['TPMAndPINAndStartupKey', /\(TPMAndPINAndStartupKey\)/],
  ] as const) {
    const one = (await findingsWith(encrypted({ startedBy }))).get('start-without-person');
    assert.equal(one?.state, 'bad');
    assert.match(one.found, words);
  }
  const open = await findingsWith(encrypted({ isEncrypted: false }));
  assert.equal(open.get('start-without-person'), undefined);
  assert.equal(open.get('bitlocker')?.state, 'good');
});

test('a recovery password counts as kept only once the server said so', async () => {
  const kept: string[] = [];
  const { host, server } = createMachine({}, { asked: () => ({ keptKeys: kept }) });
  const machine = withBitLocker(host, encrypted());
  const escrow = async () => (await findingsOf(machine)).get('recovery-key-escrowed');
  assert.equal((await escrow())?.state, 'unknown');
  assert.equal((await bootmend(machine, 'enrol', '--bundle', 'C:\\bundle.json')).code, 0);
  await bootmend(machine, 'readiness', '--send');
  const told = server.told.flatMap(one => (one.kind === 'readiness' ? [one.message] : []));
  assert.deepEqual(told.at(-1)?.recoveryKeys, [keyId.slice(1, -1)]);
  assert.ok(!JSON.stringify(told).includes('000011'), 'the password itself never leaves');
  const not = await escrow();
  assert.deepEqual([not?.state, not?.found], ['unknown', `The server does not keep ${keyId.slice(1, -1)}.`]);
  kept.push(keyId.slice(1, -1));
  await bootmend(machine, 'readiness', '--send');
  assert.equal((await escrow())?.state, 'good');
});

test('Wi-Fi is told by what its networks ask for, and no network by its name', async () => {
  const { host } = createHealthyWindows();
  const folder = 'C:\\ProgramData\\Microsoft\\Wlansvc\\Profiles\\Interfaces\\{0}';
  const wifi = async () => (await findingsOf(host)).get('wifi');
  assert.equal((await wifi())?.state, 'good', 'there is none');
  const place = (name: string, authentication: string, useOneX: boolean) => {
    const xml = `<WLANProfile><name>Rainbow ${name}</name><MSM><security><authEncryption><authentication>${authentication}</authentication><useOneX>${useOneX}</useOneX></authEncryption></security></MSM></WLANProfile>`;
    host.files.create(`${folder}\\${name}.xml`, Buffer.from(xml));
  };
  host.files.makeDirectory(folder);
  place('1', 'WPA2', true);
  place('2', 'WPA3ENT192', true);
  const enterprise = await wifi();
  assert.equal(enterprise?.state, 'bad');
  assert.match(enterprise.found, /none of the 2 Wi-Fi networks.*: 2 with 802\.1X, 0 with a password/);
  assert.match(enterprise.advice ?? '', /cannot join 802\.1X/);
  place('3', 'WPA3SAE', false);
  place('4', 'WPA2PSK', false);
  const mixed = await wifi();
  assert.match(mixed?.found ?? '', /2 with 802\.1X, 2 with a password/);
  assert.ok(!JSON.stringify(mixed).includes('Rainbow'));
});

test('the room beside winre.wim is told, with what Windows itself needs of it', async () => {
  const space = async (options: Partial<LabRecoveryOptions>) =>
    (await findingsOf(createHealthyWindows(options).host)).get('recovery-space');
  assert.equal((await space({}))?.state, 'unknown');
  assert.equal((await space({ partitionBytes: 500 * 1024 ** 2 }))?.state, 'good');
  const small = await space({ partitionBytes: 120 * 1024 ** 2 });
  assert.equal(small?.state, 'bad');
  assert.match(small.found, /its partition 120 MB free/);
  assert.match(small.advice ?? '', /need 250 MB/);
});

test('a policy that decides which programs start makes it unproven until a test went through', async () => {
  const control = async (options: Partial<LabRecoveryOptions>, policy?: Uint8Array) => {
    const { host } = createHealthyWindows(options);
    const folder = 'C:\\Windows\\System32\\CodeIntegrity';
    host.files.makeDirectory(folder);
    if (policy) host.files.create(`${folder}\\SIPolicy.p7b`, policy);
    return (await findingsOf(host)).get('application-control');
  };
  assert.equal((await control({}))?.state, 'good');
  const policyOf = (options: number) => {
    const bytes = new Uint8Array(128);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 8, true);
    view.setUint32(36, options, true);
    return bytes;
  };
  assert.equal((await control({}, policyOf(0x4 | 0x10000)))?.state, 'good', 'it only watches');
  assert.equal((await control({}, policyOf(0x80)))?.state, 'good', 'it is about drivers');
  assert.equal((await control({}, Buffer.from('nonsense')))?.state, 'unknown');
  const enforced = await control({}, policyOf(0x4));
  assert.equal(enforced?.state, 'unknown');
  assert.match(enforced.found, /Only allowed programs start \(C:.*SIPolicy\.p7b\)/);
  const sMode = await control({ registry: { [policyKey]: { SkuPolicyRequired: 1 } } });
  assert.match(sMode?.found ?? '', /\(S mode\)/);
  assert.match((await control({ registry: {} }))?.found ?? '', /No policy/);
});
