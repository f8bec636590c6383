import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { runCommandLine } from '../../../agent/command-line.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { createMemoryHost, type MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import type { HttpRequest, ToolRequest } from '../../../agent/host/host.ts';
import { buildBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import { fieldtestHead } from '../../../agent/provision/fieldtest/fieldtest-words.ts';
import { fieldSteps, runFieldtest } from '../../../agent/provision/fieldtest/run-fieldtest.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { serverAddress } from '../support/fake-server.ts';
import { settingsFor } from '../support/healthy-windows.ts';
import { diskOf } from '../support/windows-disk.ts';
import { createWorld } from '../support/world.ts';

const identity = {
  name: 'LAPTOP-4711',
  serial: 'B5RJ12',
  smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132',
};
const reAgent = `<?xml version='1.0' encoding='utf-8'?><WindowsRE version="2.0"><WinreLocation path="\\Recovery\\WindowsRE" id="0" offset="1048576"/><InstallState state="1"/><ScheduledOperation state="4"/></WindowsRE>`;
const status = `
Datenträgervolumes
    Größe:                  237,0 GB
    BitLocker-Version:      2.0
    Konvertierungsstatus:   Vollständig verschlüsselt
    Verschlüsselt (Prozent): 100,0 %
    Bezeichnung der Identifikation: Sekretariat Müller
`;
const interfaces = `
Idx     Met         MTU          Status        Name
---  ----------  ----------  ------------  ---------------------------
  1          75  4294967295  Verbunden     Loopback Pseudo-Interface 1
 12          25        1500  Verbunden     WLAN Müller
`;
const recoveryKey = '{3F2504E0-4F89-11D3-9A0C-0305E82C3301}';
const ended = (exitCode: number, output = '') =>
  ({ kind: 'ended', exitCode, output, truncated: false }) as const;

/** WinRE of a machine that the agent is in, with the tools of a German Windows. */
async function createRecovery(over: Partial<MemoryHostOptions> = {}) {
  const world = await createWorld(machine);
  const place = (name: string, text: string) =>
    world.disk.place(parsePath(`C:\\${name}`).components, { bytes: Buffer.from(text), writtenAtMs: 5 });
  place('Windows\\System32\\Recovery\\ReAgent.xml', reAgent);
  place(
    'ProgramData\\Microsoft\\Wlansvc\\Profiles\\Interfaces\\{1}\\{2}.xml',
    '<name>Müller privat</name><authentication>WPA2PSK</authentication><keyMaterial>geheim</keyMaterial>',
  );
  const file = Uint8Array.of(1);
  const image = diskOf({
    [imagePlaces.launchFile]: Buffer.from(
      '[LaunchApps]\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover\r\nX:\\sources\\recovery\\recenv.exe\r\n',
    ),
    'Windows\\System32\\winpeshl.log': Buffer.from(
      '2026-05-06 07:08 Setting username LAPTOP-4711\r\nLaunching [X:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover]\r\nLaunching [X:\\sources\\recovery\\recenv.exe]\r\n',
    ),
    [imagePlaces.settings]: Buffer.from(JSON.stringify(settingsFor())),
    'Windows\\System32\\winhttp.dll': file,
    'Windows\\System32\\bcrypt.dll': file,
    'Windows\\System32\\advapi32.dll': file,
  });
  const bodies: HttpRequest[] = [];
  const run = async ({ tool, arguments: words }: ToolRequest) => {
    if (tool === 'manage-bde' && words[0] === '-protectors')
      return ended(0, words.at(-1) === 'TPM' ? recoveryKey : '');
    if (tool === 'manage-bde') return ended(words.includes('-protectionaserrorlevel') ? 0 : 0, status);
    if (tool === 'netsh') return ended(0, interfaces);
    if (tool === 'dism') return ended(0, 'Deployment Image Servicing and Management tool\r\n');
    if (tool === 'bcdedit' && words[0] === '/export') {
      host.files.create(words[1]!, buildBootStore());
      return ended(0);
    }
    return ended(tool === 'reg' ? 1 : 0);
  };
  const host = world.start({
    disks: { C: world.disk, X: image },
    identity,
    imagePlace: () => ({ imageBytes: 600_000_000, freeBytes: 300_000_000 }),
    tools: { run, runProgram: async () => ended(0) },
    servers: {
      [serverAddress]: {
        pin: 'c0'.repeat(32),
        respond: request => {
          bodies.push(request);
          return { ok: true, status: 401, headers: {}, body: new Uint8Array(0) };
        },
      },
    },
    ...over,
  });
  return { host, disk: world.disk, bodies };
}

/** Names, times and hashes of all that lies on a volume, folders too. */
function everythingOn(disk: MemoryDisk, folder = 'C:\\'): string {
  return (disk.list(parsePath(folder)) ?? [])
    .map(entry => {
      const path = `${folder}${entry.name}`;
      if (entry.kind === 'directory') return `${path}\n${everythingOn(disk, `${path}\\`)}`;
      if (entry.kind !== 'file') return `${path} ${entry.kind}`;
      const bytes = disk.read(parsePath(path), 0, entry.sizeBytes);
      return `${path} ${entry.writtenAtMs} ${createHash('sha256').update(bytes).digest('hex')}`;
    })
    .join('\n');
}

async function command(host: ReturnType<typeof createMemoryHost>, ...argv: readonly string[]) {
  const said: string[] = [];
  const code = await runCommandLine({
    host,
    argv,
    agentPath: 'X:\\bootmend.exe',
    out: line => void said.push(...line.split('\n')),
    error: line => void said.push(line),
    peakBytes: () => 5_000_000,
  });
  return { code, said };
}

test('in WinRE every step says something, and what can hold does', async () => {
  const { host } = await createRecovery();
  const { results, environment } = await runFieldtest(host, undefined, () => 5_000_000);
  assert.equal(environment, 'recovery');
  const of = (verdict: string) => results.filter(one => one.result === verdict).map(one => one.step);
  assert.deepEqual(of('fails'), []);
  assert.deepEqual(of('not-tried'), []);
  assert.deepEqual(of('seen'), [
    'start-reason',
    'tools',
    'application-control',
    'locks',
    'firmware',
    'power',
    'dumps',
    'logs',
    'drivers',
    'wifi-profiles',
    'wifi-service',
  ]);
  const details = (step: string) => JSON.stringify(results.find(one => one.step === step)?.details);
  assert.match(details('start-reason'), /"failedStarts":2.*"scheduledOperation":4/);
  assert.match(details('launch-order'), /"started":\["bootmend\.exe","recenv\.exe"\]/);
  assert.match(
    details('locks'),
    /"byTool":"unlocked".*"TPM":1.*\["number","number","words","percentage","words"\]/,
  );
  assert.match(details('hives'), /"services":\d+,"updates":\d+.*"peakBytes":5000000/);
  assert.match(details('dumps'), /"where":"page file","mark":"PAGEDU64","crash":"0x50"/);
  assert.match(details('drivers'), /"microsoft":\d+,"other":\d+.*"kernelBuild":"10\.0\.22621"/);
  assert.match(details('netsh-tables'), /number number number word word/);
  assert.match(details('pinned-server'), /"server 1":"status 401".*"withAnotherPin":"pin-mismatch"/);
});

test('it leaves the Windows volume as it was, also one that never had Bootmend, and sends nothing', async () => {
  const { host, disk, bodies } = await createRecovery();
  const own = 'C:\\ProgramData\\Bootmend';
  const before = everythingOn(disk);
  await runFieldtest(host);
  assert.equal(everythingOn(disk), before);
  for (const { body, headers } of bodies) assert.deepEqual([body.length, Object.keys(headers)], [0, []]);
  const clear = (folder: string) => {
    for (const { name, kind } of host.files.list(folder) ?? []) {
      if (kind === 'directory') clear(`${folder}\\${name}`);
      else host.files.remove(`${folder}\\${name}`);
    }
    host.files.remove(folder);
  };
  clear(own);
  const without = everythingOn(disk);
  await runFieldtest(host);
  assert.equal(host.files.find(own), undefined);
  assert.equal(everythingOn(disk), without);
});

test('the document names no machine, person, network, server or key', async () => {
  const { host } = await createRecovery();
  const { said } = await command(host, 'fieldtest', '--json');
  const text = said.join('\n');
  assert.equal((JSON.parse(text) as { format: string }).format, 'bootmend-fieldtest-2');
  const { name, serial, smbiosId } = identity;
  const secrets = [
    name,
    serial,
    smbiosId,
    'Müller',
    'Sekretariat',
    'geheim',
    'secretKey',
    recoveryKey.slice(1, 9),
  ];
  for (const secret of [...secrets, new URL(serverAddress).hostname, 'contoso', 'c0c0'])
    assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), secret);
});

test('a person reads calm lines that fit the console of WinRE', async () => {
  const { host } = await createRecovery();
  const { code, said } = await command(host, 'fieldtest');
  assert.equal(code, 0);
  assert.deepEqual(said.slice(0, fieldtestHead.length), fieldtestHead);
  for (const line of said) assert.ok(line.length < 80, line);
  for (const { claim } of fieldSteps)
    assert.ok(
      said.some(line => line.includes(`${claim}:`)),
      claim,
    );
  assert.match(
    said.join('\n'),
    /\n {2}look {3}Why WinRE was started can be read in two seconds:\n {9}failed-boot, 2 failed starts\n/,
  );
  assert.match(said.join('\n'), /\nDone in \d+ s: 13 hold, 0 fail, 11 to look at, 0 not tried\.\n/);
});

test('what is missing fails or is not tried, and never ends the test', async () => {
  const broken = createMemoryHost({ disks: {}, networkUp: () => false });
  const { results } = await runFieldtest(broken);
  assert.deepEqual(
    results.map(one => one.step),
    fieldSteps.map(one => one.step),
  );
  const of = (verdict: string) => results.filter(one => one.result === verdict).map(one => one.step);
  assert.deepEqual(of('fails'), ['launch-order', 'libraries', 'tools', 'windows-found', 'network']);
  assert.ok(of('not-tried').includes('pinned-server') && of('not-tried').includes('hives'));
  const { code, said } = await command(broken, 'fieldtest');
  assert.equal(code, 40);
  assert.match(said.join('\n'), /Failed: launch-order, libraries, tools, windows-found, network\./);
});

test('in a Windows that runs, what it holds is left alone', async () => {
  const { host } = await createRecovery({ environment: 'windows', startReason: { kind: 'other' } });
  const { results } = await runFieldtest(host);
  const of = (verdict: string) => results.filter(one => one.result === verdict).map(one => one.step);
  for (const step of ['runs-here', 'launch-order', 'boot-store', 'hives', 'dumps', 'logs', 'wifi-service'])
    assert.ok(of('not-tried').includes(step), step);
  assert.ok(of('holds').includes('recovery-partition'));
});

test('where a policy is enforced, that WinRE runs this is the proof', async () => {
  const { host } = await createRecovery();
  const policy = new Uint8Array(64);
  policy.set([8]);
  policy.set([4], 36);
  const active = 'C:\\Windows\\System32\\CodeIntegrity\\CiPolicies\\Active';
  host.files.makeDirectory(active);
  host.files.create(`${active}\\{1}.cip`, policy);
  const { results } = await runFieldtest(host);
  const { result, details } = results.find(one => one.step === 'application-control')!;
  assert.equal(result, 'holds');
  assert.deepEqual(details, {
    policies: 1,
    enforced: ['{1}.cip'],
    unread: 0,
    SkuPolicyRequired: 'absent',
    VerifiedAndReputablePolicyState: 'absent',
  });
});

test('an agent that is not started first is told, by the file or by the log of winpeshl', async () => {
  const menuFirst =
    '[LaunchApps]\r\nX:\\sources\\recovery\\recenv.exe\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover\r\n';
  const log = 'X:\\Windows\\System32\\winpeshl.log';
  for (const [place, text] of [
    [`X:\\${imagePlaces.launchFile}`, menuFirst],
    [log, '\ufeffLaunching [X:\\sources\\recovery\\recenv.exe]\r\nLaunching [X:\\Sources\\bootmend.exe]'],
  ] as const) {
    const { host } = await createRecovery();
    host.files.remove(place);
    host.files.create(place, Buffer.from(text, place === log ? 'utf16le' : 'utf8'));
    const { results } = await runFieldtest(host);
    assert.equal(results.find(one => one.step === 'launch-order')?.result, 'fails', place);
  }
});
