import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../shared/remediation/explain-script.ts';
import { formatScript } from '../../../shared/remediation/format-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import {
  findForbiddenProgram,
  programPolicy,
  programsOf,
} from '../../../shared/remediation/program-policy.ts';
import { actionsOf } from '../../../shared/remediation/syntax-tree.ts';
import { MemoryVolume } from './memory-volume.ts';

const program = (originalName?: string) =>
  buildDriverFile({
    version: '1.0.0.0',
    linkedAt: new Date('2024-01-01T00:00:00Z'),
    ...(originalName !== undefined && { originalName }),
  });
const mend = program('mend.exe');
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const path = String.raw`%ProgramFiles%\Contoso\mend.exe`;
const place = 'W:\\Program Files\\Contoso\\mend.exe';
const frame =
  'remediation "Mend it"\n  risk high\n\nrequire free space at least 1 MB\nrequire crash code is 0x50\n\n';
const clauses = (bytes = mend) => `sha256 ${hashOf(bytes)}, at most 5 minutes, accepting no undo`;
const scriptOf = (line: string) => `${frame}${line}\n`;
const codesOf = (line: string) => checkScript(scriptOf(line)).diagnostics.map(({ code }) => code);

function planOf(volume: MemoryVolume, line: string) {
  const { script, diagnostics } = checkScript(scriptOf(line));
  assert.deepEqual(diagnostics, []);
  return planScript({ ...script!, guards: [] }, volume, {});
}
function refusalOf(volume: MemoryVolume, line = `run ${path}, ${clauses()}`) {
  const plan = planOf(volume, line);
  return plan.kind === 'refused' ? plan.code : plan.kind;
}

describe('the line', () => {
  test('keeps each argument as it is written, in whatever order its clauses come', () => {
    const text = scriptOf(
      `run ${path} with "a, b" "trailing\\" "100 %" "--x=it's", succeeds on 0 or 3010, accepting no undo, at most 1 minute, sha256 ${hashOf(mend)}`,
    );
    const { script, diagnostics } = checkScript(text);
    assert.deepEqual(diagnostics, []);
    const [action] = actionsOf(script!);
    assert.ok(action?.verb === 'run');
    assert.deepEqual(action.arguments, ['a, b', 'trailing\\', '100 %', "--x=it's"]);
    assert.deepEqual(action.succeedsOn, [0, 3010]);
    const formatted = formatScript(script!);
    assert.match(
      formatted,
      /"--x=it's", sha256 [0-9a-f]{64}, at most 1 minute, succeeds on 0 or 3010, accepting no undo\n$/,
    );
    assert.equal(formatScript(checkScript(formatted).script!), formatted);
    const said = explainScript(script!).at(-1)!.sentence;
    assert.match(
      said,
      /^Runs the program mend\.exe of %ProgramFiles%\\Contoso, as SYSTEM, with the arguments "a, b"/,
    );
    assert.match(
      said,
      /ended after 1 minute, and has succeeded when it ends with 0 or 3010\. What it changes cannot/,
    );
  });

  test('hands over nothing that a person cannot see, and no quote', () => {
    const with_ = (argument: string) => codesOf(`run ${path} with "${argument}", ${clauses()}`);
    assert.deepEqual(with_('a\0b'), ['forbidden-character']);
    assert.ok(with_('a\nb').includes('unclosed-text'));
    assert.deepEqual(with_('a\u202eb'), ['forbidden-character']);
    assert.ok(with_('a" & del "b').length > 0);
    assert.deepEqual(with_(''), ['invalid-argument']);
    assert.deepEqual(with_('%PATH%'), ['invalid-argument']);
    assert.deepEqual(with_('x'.repeat(261)), ['invalid-argument']);
    const many = Array.from({ length: 33 }, () => '"a"').join(' ');
    assert.deepEqual(codesOf(`run ${path} with ${many}, ${clauses()}`), ['invalid-argument']);
  });

  test('names one program file of the volume, in no spelling that could mean another', () => {
    for (const [bad, code] of [
      [String.raw`C:\Contoso\mend.exe`, 'drive-letter'],
      [String.raw`\\?\C:\mend.exe`, 'network-path'],
      [String.raw`\\.\GLOBALROOT\mend.exe`, 'network-path'],
      [String.raw`%ProgramFiles%\..\mend.exe`, 'relative-part'],
      [String.raw`%ProgramFiles%\Contoso\mend.exe:x.exe`, 'alternate-stream'],
      [String.raw`%ProgramFiles%\Contoso\con.exe`, 'device-name'],
      [String.raw`%ProgramFiles%\Contoso\*.exe`, 'wildcard-not-allowed'],
      [String.raw`%ProgramFiles%\Contoso\mend.exe.`, 'trailing-dot-or-blank'],
      [String.raw`%ProgramFiles%\Contoso\mend`, 'not-a-program'],
      [String.raw`%ProgramFiles%\Contoso\mend.com`, 'not-a-program'],
      [String.raw`%ProgramFiles%\Contoso\mend.msi`, 'not-a-program'],
      [String.raw`%SystemDrive%\Users\ada\mend.exe`, 'protected-place'],
      [String.raw`%ProgramData%\Bootmend\mend.exe`, 'protected-place'],
    ] as const)
      assert.ok(codesOf(`run ${bad}, ${clauses()}`).includes(code), bad);
  });

  test('names no interpreter, however it is written', () => {
    for (const name of [
      'cmd',
      'CMD',
      'powershell',
      'pwsh',
      'wscript',
      'cscript',
      'mshta',
      'rundll32',
      'regsvr32',
      'msiexec',
      'wmic',
      'certutil',
      'python',
      'bash',
      'MsBuild',
      'diskpart',
      'schtasks',
      'reg',
      'forfiles',
    ])
      // prettier-ignore
      assert.deepEqual(codesOf(`run ${String.raw`%SystemRoot%\System32\ `.trim()}${name}.exe, ${clauses()}`), ['interpreter'], name);
    assert.deepEqual(codesOf(String.raw`run %SystemRoot%\cmd.EXE, ` + clauses()), ['interpreter']);
  });

  test('pins bytes and time, at high risk, last and accepting no undo', () => {
    assert.deepEqual(codesOf(`run ${path}`).toSorted(), [
      'no-time-limit',
      'no-undo-not-accepted',
      'program-not-pinned',
    ]);
    for (const minutes of [0, 61])
      assert.deepEqual(
        codesOf(`run ${path}, at most ${minutes} minutes, ${clauses()}`)[0],
        'limit-out-of-range',
      );
    assert.deepEqual(codesOf(`run ${path}, ${clauses()}\nrun ${path}, ${clauses()}`), ['one-way-not-last']);
    for (const risk of ['  risk low\n', '  risk medium\n', '']) {
      const { script, diagnostics } = checkScript(
        scriptOf(`run ${path}, ${clauses()}`).replace('  risk high\n', risk),
      );
      assert.equal(script, undefined);
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        ['program-not-high-risk'],
      );
      assert.ok(diagnostics[0]!.fix);
    }
    assert.deepEqual(
      checkScript(`run ${path}, ${clauses()}\n`).diagnostics.map(({ code }) => code),
      ['program-not-high-risk'],
      'a script of one line has no risk to raise',
    );
  });
});

describe('the plan', () => {
  const sound = () => new MemoryVolume({ [place]: { bytes: mend } });

  test('is one run of exactly these bytes, with the places of the volume in its arguments', () => {
    const plan = planOf(sound(), `run ${path} with "/root:%systemdrive%\\" "%SystemRoot%" "%", ${clauses()}`);
    assert.ok(plan.kind === 'plan');
    const [change] = plan.steps[0]!.changes;
    assert.ok(change?.kind === 'run-tool' && change.run.tool === 'program');
    assert.equal(change.class, 'one-way');
    assert.equal(change.run.path, place);
    assert.deepEqual(change.run.arguments, ['/root:W:\\', 'W:\\Windows', '%']);
    assert.deepEqual(change.run.succeedsOn, [0]);
    assert.equal(change.run.timeoutMinutes, 5);
  });

  test('refuses what is not the program that was approved', () => {
    assert.equal(refusalOf(sound()), 'plan');
    assert.equal(refusalOf(new MemoryVolume()), 'program-missing');
    assert.equal(refusalOf(new MemoryVolume({ [place]: { bytes: program() } })), 'program-changed');
    assert.equal(refusalOf(new MemoryVolume({ [place]: { kind: 'link' } })), 'link-on-path');
    const junction = new MemoryVolume({ 'W:\\Program Files\\Contoso': { kind: 'link' } });
    junction.put('W:\\Program Files\\Other\\mend.exe', { bytes: mend });
    assert.equal(refusalOf(junction), 'link-on-path');
    const short = new MemoryVolume({ 'W:\\Program Files\\Contoso Tools\\mend.exe': { bytes: mend } });
    short.alias('W:\\Program Files\\CONTOS~1', 'W:\\Program Files\\Contoso Tools');
    assert.equal(
      refusalOf(short, String.raw`run %ProgramFiles%\CONTOS~1\mend.exe, ${clauses()}`),
      'short-name',
    );
  });

  test('refuses what cannot be started, and an interpreter under another name', () => {
    const text = new Uint8Array(Buffer.from('@echo off'));
    assert.equal(
      refusalOf(new MemoryVolume({ [place]: { bytes: text } }), `run ${path}, ${clauses(text)}`),
      'not-a-program',
    );
    const cut = mend.slice(0, 0x500);
    assert.equal(
      refusalOf(new MemoryVolume({ [place]: { bytes: cut } }), `run ${path}, ${clauses(cut)}`),
      'not-a-program',
    );
    for (const name of ['Cmd.Exe', 'PowerShell.EXE', 'cmd.exe.mui', 'msiexec.exe']) {
      const hidden = program(name);
      const volume = new MemoryVolume({ [place]: { bytes: hidden } });
      assert.equal(refusalOf(volume, `run ${path}, ${clauses(hidden)}`), 'interpreter', name);
    }
    const arm = mend.slice();
    new DataView(arm.buffer).setUint16(0x84, 0xaa64, true);
    const foreign = new MemoryVolume({
      [place]: { bytes: arm },
      'W:\\Windows\\System32\\ntoskrnl.exe': { bytes: mend },
    });
    assert.equal(refusalOf(foreign, `run ${path}, ${clauses(arm)}`), 'not-a-program');
  });

  test('refuses a program that an earlier line moves', () => {
    const lines = `rename ${path} to mend.old\nrun ${path}, ${clauses()}`;
    assert.equal(refusalOf(sound(), lines), 'changed-twice');
  });
});

describe('the policy', () => {
  const programs = (line = `run ${path}, ${clauses()}`) => programsOf(checkScript(scriptOf(line)).script!);
  const entry = { path, sha256: hashOf(mend) };

  test('allows this path with these bytes, and nothing where there is none', () => {
    assert.equal(findForbiddenProgram(programs(), [entry]), undefined);
    assert.equal(
      findForbiddenProgram(programs(), [
        { ...entry, path: path.toUpperCase().replace('%PROGRAMFILES%', '%ProgramFiles%') },
      ]),
      undefined,
    );
    for (const policy of [
      undefined,
      [],
      [{ ...entry, sha256: '0'.repeat(64) }],
      [{ ...entry, path: String.raw`%ProgramFiles%\Cоntoso\mend.exe` }],
      [{ ...entry, path: String.raw`%SystemDrive%\Program Files\Contoso\mend.exe` }],
      [{ ...entry, path: String.raw`%ProgramFiles%\Contoso\mend.exe ` }],
      [{ ...entry, path: String.raw`%ProgramFiles%\Contoso` }],
      [
        { path: String.raw`%ProgramFiles%\Contoso\other.exe`, sha256: entry.sha256 },
        { ...entry, sha256: 'f'.repeat(64) },
      ],
    ])
      assert.equal(findForbiddenProgram(programs(), policy)?.path, path, JSON.stringify(policy));
    const other = `delete %SystemRoot%\\bad.sys\n`;
    assert.equal(findForbiddenProgram(programsOf(checkScript(other).script!), undefined), undefined);
  });

  test('is only what a script could name', () => {
    const isPolicy = (one: object) => programPolicy.safeParse([one]).success;
    assert.ok(isPolicy(entry));
    for (const bad of [
      String.raw`C:\Contoso\mend.exe`,
      String.raw`%PROGRAMFILES%\Contoso\mend.exe`,
      String.raw`%ProgramFiles%\Contoso\..\mend.exe`,
      String.raw`%ProgramFiles%\Contoso\*.exe`,
      String.raw`%ProgramFiles%\Contoso\mend.bat`,
      String.raw`%SystemRoot%\System32\cmd.exe`,
      String.raw`%ProgramFiles%\a.exe, sha256 ${'0'.repeat(64)}`,
      '%ProgramFiles%\\a.exe\nreboot',
      '',
    ])
      assert.ok(!isPolicy({ ...entry, path: bad }), bad);
    assert.ok(!isPolicy({ ...entry, sha256: entry.sha256.toUpperCase() }));
    assert.ok(!isPolicy({ path }));
    assert.ok(!programPolicy.safeParse(Array.from({ length: 33 }, () => entry)).success);
  });
});
