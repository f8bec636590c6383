import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { commandGroups, commands } from '../../../server/cli/command-table.ts';
import { runCommand } from '../../../server/cli/run-command.ts';
import { type CommandName, commandNames, usageOf } from '../../../server/cli/usage.ts';
import { bootmend } from '../../support/command.ts';
import { top } from '../../support/imports.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'bootmend-commands-'));
after(() => rmSync(directory, { recursive: true }));
const place = (name: string) => path.join(directory, name);
mkdirSync(place('folder'));
writeFileSync(place('empty'), '');
writeFileSync(
  place('binary'),
  Uint8Array.from({ length: 4096 }, (_, at) => (at * 7 + (at >> 3)) & 0xff),
);

// A server that is away: nothing of this machine may be touched, and every command has to say so.
process.env['DATABASE_URL'] = 'postgres://127.0.0.1:1/none';
process.env['BOOTMEND_DATA_DIR'] = place('data');
process.env['BOOTMEND_PASSPHRASE'] = 'a passphrase of tests';

/** Runs a command as the command line does, and catches what it writes, by whatever way. */
async function run(name: CommandName, ...argv: string[]) {
  let [out, error] = ['', ''];
  const [toOut, toError] = [process.stdout, process.stderr].map(one => one.write.bind(one));
  // The runner of tests reports on standard output as well, in bytes.
  process.stdout.write = (text: string | Uint8Array) =>
    typeof text === 'string' ? ((out += text), true) : toOut!(text);
  process.stderr.write = (text: string | Uint8Array) =>
    typeof text === 'string' ? ((error += text), true) : toError!(text);
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    coloured: false,
  };
  try {
    const code = await runCommand(name, commands[name], argv, terminal);
    return { code, out, error };
  } finally {
    process.stdout.write = toOut!;
    process.stderr.write = toError!;
  }
}

const saysWhatToDo = /^[a-z][a-z0-9-]*: \S/m;
const stackTrace = /^\s+at .*[:(]|node:internal|\.ts:\d+:\d+\)/m;

describe('every command of the command line', () => {
  test('stands in one group of the help, which fits on a screen', async () => {
    const listed = commandGroups.flatMap(([, names]) => names);
    assert.deepEqual(listed.toSorted(), commandNames.toSorted());
    const { code, out } = await bootmend(['--help']);
    assert.equal(code, 0);
    for (const name of commandNames) assert.match(out, new RegExp(`^  ${name} .*\\S$`, 'm'));
    assert.ok(out.split('\n').every(line => line.length <= 120));
  });

  test('says with --help how it is called, and does nothing else', async () => {
    for (const name of commandNames) {
      const { code, out, error } = await run(name, '--help');
      assert.deepEqual([code, error], [0, ''], name);
      assert.ok(out.startsWith(`${commands[name].summary}\n\nUsage: bootmend ${usageOf[name][0]}\n`), out);
      assert.ok(
        usageOf[name].every(line => line.length <= 120),
        name,
      );
    }
  });

  test('refuses an option that it does not know by its name, and a near one with a suggestion', async () => {
    for (const name of commandNames) {
      // what stands behind it is pasted words, which may look like options
      if (name === 'translate') continue;
      const first = usageOf[name][0].split(' ')[1] ?? '';
      const argv = /^[a-z]/.test(first) ? [first, '--nonsense'] : ['--nonsense'];
      const { code, out, error } = await run(name, ...argv);
      assert.deepEqual([code, out], [2, ''], name);
      assert.match(
        error,
        new RegExp(`^wrong-option: ${name} has no option --nonsense\\.\nUsage: bootmend ${name}`),
      );
    }
    assert.match((await run('dump', 'x', '--jsn')).error, /^wrong-option: .*Did you mean --json\?\n/);
    assert.match((await run('bundle', '--to')).error, /^wrong-option: --to needs a value\.\n/);
    assert.match((await run('devices', '--json=yes')).error, /^wrong-option: --json takes no value\.\n/);
  });

  test('says how it is called when nothing is named', async () => {
    for (const name of commandNames) {
      if (name === 'devices' || name === 'doctor') continue;
      const { code, out, error } = await run(name);
      assert.deepEqual([code, out], [2, ''], name);
      assert.ok(error.startsWith(`Usage: bootmend ${usageOf[name][0]}\n`), error);
    }
  });

  const calls: Readonly<Record<CommandName, (file: string) => readonly string[]>> = {
    read: file => [file],
    dump: file => [file],
    bootlog: file => [file],
    hive: file => [file],
    check: file => [file],
    explain: file => [file],
    fmt: file => [file, '--write'],
    simulate: file => [file, '--volume', file],
    translate: file => ['--from', file],
    template: file => [file],
    match: file => ['--facts', file],
    issue: file => ['import', file, '--key', file],
    backtest: file => [file],
    key: () => ['new', place('folder'), '--owner', 'Anna'],
    trust: file => ['draft', place('paper'), '--approver', file],
    review: file => ['no-such-script', '--to', file],
    sign: file => [file, '--key', file],
    approve: file => [file],
    token: file => ['new', '--bundle', file, '--server', 'https://192.0.2.1:8443'],
    user: () => ['add'],
    'agent-release': file => ['draft', file, '--to', file],
    'recovery-key': file => ['import', file],
    undo: () => ['list', 'no-such-incident'],
    devices: () => [],
    doctor: () => [],
    bundle: file => ['--to', file],
    image: file => ['inspect', file],
    lab: () => ['make', 'no-such-machine', '--to', place('machine')],
  };

  test('fails in a sentence on a file that is absent, empty, binary or a folder, and without a server', async () => {
    for (const name of commandNames)
      for (const file of ['absent', 'empty', 'binary', 'folder'].map(place)) {
        const isSameCall = calls[name](file).join() === calls[name](place('absent')).join();
        if (isSameCall && file !== place('absent')) continue;
        const said = `${name} ${path.basename(file)}`;
        const { code, out, error } = await run(name, ...calls[name](file));
        const all = `${out}${error}`;
        assert.equal(code, 1, `${said}: ${all}`);
        assert.doesNotMatch(all, stackTrace, said);
        assert.doesNotMatch(all, /^unexpected:/m, said);
        assert.ok(all.length < 4000, `${said} says too much: ${all.length}`);
        const speaksItself = ['doctor', 'translate'].includes(name) || /:\d+:\d+ [a-z-]+\n/.test(error);
        if (!speaksItself) assert.match(error, saysWhatToDo, said);
      }
  });

  test('answers with one JSON document where --json is promised, also when it fails', async () => {
    const promised = commandNames.filter(name => usageOf[name].some(line => line.includes('--json')));
    assert.ok(promised.length > 15);
    for (const name of promised) {
      const argv =
        {
          issue: ['check', place('absent')],
          template: ['no-such-template'],
          lab: ['list'],
          'recovery-key': ['list'],
          'agent-release': ['list'],
        }[name as string] ?? [...calls[name](place('absent'))].filter(word => word !== '--write');
      const { out } = await run(name, ...argv, '--json');
      assert.doesNotThrow(() => JSON.parse(out) as unknown, `${name}: ${out}`);
    }
  });
});

test('a place that a template does not have is refused, not left out', async () => {
  const slip = await run('template', 'driver', '--set', 'titel=x');
  assert.equal(slip.code, 1);
  assert.match(slip.error, /^no-such-place: the template driver has no place titel \(did you mean title\?\)/);
  assert.match((await run('template', 'drivr')).error, /^no-such-template: .*\(did you mean driver\?\)/);
  assert.equal((await run('template', 'driver', '--set', 'title')).code, 2);
  const filled = await run('template', 'driver', '--set', 'title=a = b');
  assert.match(filled.out, /^remediation "a = b"/);
});

test('a misspelt command is told what was probably meant, and no command is no success', async () => {
  const misspelt = await bootmend(['chekc']);
  assert.deepEqual([misspelt.code, misspelt.out], [2, '']);
  assert.match(misspelt.err, /^no-such-command: .*Did you mean check\?\n/);
  const forged = await bootmend(['\u001b[2J']);
  assert.ok(!forged.err.includes('\u001b'));
  assert.equal((await bootmend([])).code, 2);
  assert.equal((await bootmend(['help', 'image'])).code, 0);
});

test('a reader that closes the pipe early is no failure', async () => {
  const child = spawn(process.execPath, ['server/cli/bootmend.ts', '--help'], {
    cwd: top,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number];
  assert.deepEqual([code, error], [0, '']);
});
