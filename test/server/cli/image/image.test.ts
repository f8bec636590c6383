import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildDriverFile } from '../../../../agent/lab/evidence/driver-file.ts';
import { keptPathOf } from '../../../../server/cli/image/add-to-image.ts';
import { runImage } from '../../../../server/cli/image.ts';
import type { Terminal } from '../../../../server/cli/terminal.ts';
import { makeWim, stockFiles, withoutWimlib } from '../../../support/lab-wim.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();
const agent = path.join(folder, 'bootmend.exe');
writeFileSync(agent, buildDriverFile({ version: '0.1.0.0', linkedAt: new Date('2026-11-20T00:00:00Z') }));

const bundle = path.join(folder, 'bundle.json');
writeFileSync(
  bundle,
  JSON.stringify({
    organization: 'contoso',
    servers: ['https://rescue.contoso.example:8443', 'https://10.0.0.5:8443'],
    pins: ['c0'.repeat(32)],
    trust: { payloadType: 'application/vnd.bootmend.trust+json', payload: 'e30=', signatures: [] },
    token: 'bm-enrol-0123456789abcdef',
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
  }),
);

let number = 0;
function newWim(files = stockFiles): string {
  const directory = path.join(folder, `case ${++number}`);
  mkdirSync(directory);
  const wim = path.join(directory, 'winre.wim');
  makeWim(wim, files);
  return wim;
}

async function image(...argv: string[]) {
  let [out, error] = ['', ''];
  const terminal: Terminal = {
    out: text => void (out += text),
    error: text => void (error += text),
    coloured: false,
  };
  const code = await runImage(argv, terminal);
  return { code, out, error };
}

const readFrom = (wim: string, name: string) =>
  execFileSync('wimlib-imagex', ['extract', wim, '1', name, '--to-stdout'], {
    env: { ...process.env, WIMLIB_IMAGEX_IGNORE_CASE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });

test(
  'an agent is put into a real image, which starts it first and then the menu',
  { skip: withoutWimlib },
  async () => {
    const wim = newWim();
    const before = readFileSync(wim);
    const program = String.raw`%ProgramFiles%\Contoso\mend.exe`;
    const allowing = ['--allow-program', `${program}=${'a'.repeat(64)}`];
    for (const wrong of [
      `C:\\mend.exe=${'a'.repeat(64)}`,
      `%SystemRoot%\\cmd.exe=${'a'.repeat(64)}`,
      program,
    ]) {
      const refused = await image('add', wim, '--bundle', bundle, '--agent', agent, '--allow-program', wrong);
      assert.equal(refused.code, 1);
      assert.match(refused.error, /program-invalid/);
    }
    const added = await image('add', wim, '--bundle', bundle, '--agent', agent, ...allowing);
    assert.equal(added.error, '');
    assert.equal(added.code, 0);
    assert.match(added.out, /new +Sources\\Recovery\\Tools\\Bootmend\\bootmend\.exe/);
    assert.match(added.out, /replaced +Windows\\System32\\winpeshl\.ini/);
    assert.match(added.out, /grew by/);
    assert.deepEqual(readFileSync(keptPathOf(wim)), before, 'the old image is kept byte for byte');

    assert.deepEqual(readFrom(wim, '/Sources/Recovery/Tools/Bootmend/bootmend.exe'), readFileSync(agent));
    assert.equal(
      readFrom(wim, '/Windows/System32/winpeshl.ini').toString(),
      '[LaunchApps]\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, relock\r\nX:\\sources\\recovery\\recenv.exe\r\n',
    );
    assert.equal(readFrom(wim, '/sources/recovery/recenv.exe').toString(), 'MZ recenv');
    const listing = execFileSync('wimlib-imagex', ['dir', wim, '1'], { encoding: 'utf8' });
    assert.ok(!listing.includes('/Sources/'), 'folders that differ only in case are one to Windows');

    const inspected = await image('inspect', wim);
    assert.equal(inspected.code, 0);
    assert.match(inspected.out, /organization +contoso/);
    assert.match(inspected.out, /may run +%ProgramFiles%\\Contoso\\mend\.exe \(a{64}\)/);
    assert.ok(!inspected.out.includes('bm-enrol'), 'a token is never shown');
    assert.doesNotMatch(inspected.out, /^ +proxy/m);

    const proxied = ['--bundle', bundle, '--agent', agent, '--proxy', 'proxy.contoso.example:3128'];
    assert.equal((await image('add', wim, ...proxied)).code, 0);
    assert.match((await image('inspect', wim)).out, /^ +proxy +proxy\.contoso\.example:3128/m);
    const settings = JSON.parse((await image('inspect', wim, '--json')).out) as {
      settings: { proxy: string };
    };
    assert.equal(settings.settings.proxy, 'proxy.contoso.example:3128');
  },
);

test(
  'adding twice changes nothing but the time, and the first image stays the one that is kept',
  { skip: withoutWimlib },
  async () => {
    const wim = newWim();
    const before = readFileSync(wim);
    assert.equal((await image('add', wim, '--bundle', bundle, '--agent', agent)).code, 0);
    const again = await image('add', wim, '--bundle', bundle, '--agent', agent, '--json');
    assert.equal(again.code, 0);
    const { files } = JSON.parse(again.out) as { files: { isNew: boolean }[] };
    assert.ok(files.every(one => !one.isNew));
    assert.deepEqual(readFileSync(keptPathOf(wim)), before);
    assert.deepEqual(
      readFrom(wim, '/Windows/System32/winpeshl.ini')
        .toString()
        .match(/bootmend\.exe, \w+/g),
      ['bootmend.exe, recover', 'bootmend.exe, relock'],
    );
  },
);

test('what another vendor starts stays, behind the agent', { skip: withoutWimlib }, async () => {
  const launch =
    '[LaunchApps]\r\n%SYSTEMDRIVE%\\vendor\\tool.exe, -q\r\nX:\\sources\\recovery\\recenv.exe\r\n';
  const wim = newWim({ ...stockFiles, 'Windows/System32/winpeshl.ini': launch });
  assert.equal((await image('add', wim, '--bundle', bundle, '--agent', agent)).code, 0);
  const starts = readFrom(wim, '/Windows/System32/winpeshl.ini').toString().trim().split('\r\n');
  assert.deepEqual(starts.slice(1), [
    'X:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover',
    'X:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, relock',
    '%SYSTEMDRIVE%\\vendor\\tool.exe, -q',
    'X:\\sources\\recovery\\recenv.exe',
  ]);
});

test(
  'a rescue image without a menu gets the agent alone and never a prompt',
  { skip: withoutWimlib },
  async () => {
    const kernel = 'Windows/System32/kernel32.dll';
    const wim = newWim({ 'Windows/System32/startnet.cmd': 'wpeinit\r\n', [kernel]: stockFiles[kernel]! });
    const plain = await image('inspect', wim);
    assert.equal(plain.code, 1);
    assert.match(plain.out, /launch-file-missing: .*command prompt/);
    const added = await image('add', wim, '--bundle', bundle, '--agent', agent, '--rescue');
    assert.equal(added.code, 0);
    const inspected = await image('inspect', wim, '--json');
    assert.equal(inspected.code, 0);
    const { settings, launches } = JSON.parse(inspected.out) as {
      settings: { purpose: string };
      launches: { arguments?: string }[];
    };
    assert.equal(settings.purpose, 'rescue');
    assert.deepEqual(
      launches.map(one => one.arguments),
      ['recover', 'relock'],
    );
  },
);

test(
  'Wi-Fi goes in only from a file that is named, and no password is shown',
  { skip: withoutWimlib },
  async () => {
    const wim = newWim();
    const wifi = path.join(folder, 'wifi.xml');
    writeFileSync(
      wifi,
      '<WindowsRE><WifiCredential><Wifi ssid="Rescue" password="hunter2hunter2"/></WifiCredential></WindowsRE>',
    );
    const added = await image('add', wim, '--bundle', bundle, '--agent', agent, '--wifi', wifi);
    assert.equal(added.code, 0);
    const inspected = await image('inspect', wim, '--json');
    assert.deepEqual((JSON.parse(inspected.out) as { settings: { wifi: string[] } }).settings.wifi, [
      'Rescue',
    ]);
    assert.ok(!`${added.out}${inspected.out}`.includes('hunter2'));
    writeFileSync(
      wifi,
      '<WindowsRE>\n<WifiCredential><Wifi ssid="Rescue" password="hunter2"/></WifiCredential></WindowsRE>',
    );
    const wrong = await image('add', newWim(), '--bundle', bundle, '--agent', agent, '--wifi', wifi);
    assert.equal(wrong.code, 1);
    assert.match(wrong.error, /^password-invalid: .*wifi\.xml:2:17/);
    assert.ok(!wrong.error.includes('hunter2'));
  },
);

test('trouble leaves the image as it was', { skip: withoutWimlib }, async () => {
  const wim = newWim();
  const before = readFileSync(wim);
  const notProgram = path.join(folder, 'agent.txt');
  writeFileSync(notProgram, 'not a program');
  const damaged = path.join(folder, 'damaged.wim');
  writeFileSync(damaged, before.subarray(0, before.length - 200));
  const kernel = Buffer.from(stockFiles['Windows/System32/kernel32.dll'] as Uint8Array);
  kernel.writeUInt16LE(0x14c, kernel.readUInt32LE(0x3c) + 4);
  const otherWim = newWim({ ...stockFiles, 'Windows/System32/kernel32.dll': kernel });
  // Of this one wimlib says x86, since the WIM names no architecture.
  const unknownWim = newWim({ ...stockFiles, 'Windows/System32/kernel32.dll': 'MZ' });
  assert.match((await image('inspect', otherWim)).out, /^ *image +.*, x86$/m);
  assert.match((await image('inspect', unknownWim)).out, /^ *image +.*, architecture unknown$/m);
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['agent-not-a-program', ['add', wim, '--bundle', bundle, '--agent', notProgram]],
    ['agent-missing', ['add', wim, '--bundle', bundle, '--agent', path.join(folder, 'none.exe')]],
    ['bundle-unreadable', ['add', wim, '--bundle', agent, '--agent', agent]],
    ['settings-invalid', ['add', wim, '--bundle', bundleWith({ servers: ['http://x'] }), '--agent', agent]],
    ['not-a-proxy', ['add', wim, '--bundle', bundle, '--agent', agent, '--proxy', 'ada:hunter2@proxy:3128']],
    ['architecture-mismatch', ['add', otherWim, '--bundle', bundle, '--agent', agent]],
    ['architecture-unknown', ['add', unknownWim, '--bundle', bundle, '--agent', agent]],
    ['no-such-image', ['add', wim, '--bundle', bundle, '--agent', agent, '--index', '2']],
    ['not-an-image', ['add', damaged, '--bundle', bundle, '--agent', agent]],
    ['not-found', ['inspect', path.join(folder, 'none.wim')]],
  ];
  for (const [code, argv] of cases) {
    const ran = await image(...argv);
    assert.equal(ran.code, 1, code);
    assert.ok(ran.error.startsWith(`${code}: `), `${code} expected, got ${ran.error}`);
    assert.ok(!ran.error.includes('hunter2'), 'a password is never shown');
  }
  assert.deepEqual(readFileSync(wim), before);
  assert.ok(!existsSync(keptPathOf(wim)));
  assert.ok(statSync(wim).isFile());
});

test('wrong words are told how the command is called', async () => {
  for (const argv of [
    [],
    ['add'],
    ['add', 'x.wim'],
    ['inspect', 'a', 'b'],
    ['inspect', 'a', '--index', '0'],
  ]) {
    const ran = await image(...argv);
    assert.equal(ran.code, 2);
    assert.match(ran.error, /^Usage: /);
  }
});

function bundleWith(over: object): string {
  const file = path.join(folder, `bundle-${++number}.json`);
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(bundle, 'utf8')) as object), ...over }));
  return file;
}

test(
  'an image that does not read back as it was meant never takes the place of the old one',
  { skip: withoutWimlib },
  async () => {
    const wim = newWim();
    const before = readFileSync(wim);
    const real = execFileSync('which', ['wimlib-imagex'], { encoding: 'utf8' }).trim();
    const tools = path.join(folder, 'tools');
    mkdirSync(tools);
    const { PATH } = process.env;
    try {
      for (const [call, does, code] of [
        ['update*', 'exit 0', 'file-not-in-image'],
        ['extract*bootmend.exe*', 'echo other; exit 0', 'readback-differs'],
        ['verify*', 'exit 1', 'image-damaged'],
      ] as const) {
        const script = `#!/bin/sh\ncase "$*" in ${call}) ${does};; esac\nexec ${real} "$@"\n`;
        writeFileSync(path.join(tools, 'wimlib-imagex'), script, { mode: 0o755 });
        process.env.PATH = `${tools}:${PATH}`;
        const ran = await image('add', wim, '--bundle', bundle, '--agent', agent);
        assert.equal(ran.code, 1, call);
        assert.ok(ran.error.startsWith(`${code}: `), ran.error);
        assert.deepEqual(readFileSync(wim), before);
        assert.ok(!existsSync(keptPathOf(wim)) && !existsSync(`${wim}.bootmend-new`));
      }
    } finally {
      process.env.PATH = PATH;
    }
  },
);
