import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { planScript } from '../../../shared/remediation/plan-script.ts';
import { isProtected } from '../../../shared/remediation/protected-places.ts';
import { MemoryVolume } from './memory-volume.ts';

const temp = String.raw`%SystemRoot%\Temp`;
/** Where only administrators write, so that the attack is the path alone. */
const planted = String.raw`%SystemRoot%\Contoso\planted.sys`;
const pinned = `sha256 ${'ab'.repeat(32)}`;
const contoso = 'W:\\Windows\\System32\\drivers\\Contoso';
const store = 'W:\\Windows\\System32\\DriverStore\\FileRepository';

/** Every line in which a path can stand, with the path of an attacker in it. */
const lines: Readonly<Record<string, (path: string) => string>> = {
  delete: path => `delete "${path}"`,
  rename: path => `rename "${path}" to harmless.off`,
  'copy from': path => `copy "${path}" to ${temp}\\taken.sys, ${pinned}`,
  'copy to': path => `copy ${planted} to "${path}"`,
  'copy over': path => `copy ${planted} to "${path}", replacing what is there`,
  restore: path => `restore "${path}" from driver store`,
};

const spellings: Readonly<Record<string, string>> = {
  'a parent': String.raw`%SystemRoot%\Temp\..\System32\config\SAM`,
  'a parent above the volume': String.raw`%SystemDrive%\..\..\Windows\System32\config\SAM`,
  'the same folder': String.raw`%SystemRoot%\System32\.\config\SAM`,
  'a stream of a file': String.raw`%SystemRoot%\System32\config\SAM:x`,
  'the data stream': String.raw`%SystemRoot%\System32\config\SAM::$DATA`,
  'the index of a folder': String.raw`%SystemRoot%\System32\config::$INDEX_ALLOCATION\SAM`,
  'slashes': '%SystemRoot%/System32/config/SAM',
  'a backslash twice': String.raw`%SystemRoot%\System32\\config\SAM`,
  'a dot behind a folder': String.raw`%SystemRoot%\System32\config.\SAM`,
  'a blank behind a folder': '%SystemRoot%\\System32\\config \\SAM',
  'a dot behind a file': String.raw`%SystemRoot%\System32\config\SAM.`,
  'a wildcard for a folder': String.raw`%SystemRoot%\System32\c?nfig\SAM`,
  'a drive letter': String.raw`C:\Windows\System32\config\SAM`,
  'a long path': String.raw`\\?\C:\Windows\System32\config\SAM`,
  'a device path': String.raw`\\.\C:\Windows\System32\config\SAM`,
  'a path of the object manager': String.raw`\??\C:\Windows\System32\config\SAM`,
  'a volume device': String.raw`\\?\GLOBALROOT\Device\HarddiskVolume3\Windows\System32\config\SAM`,
  'a disk': String.raw`\\.\PhysicalDrive0`,
  'a share of this machine': String.raw`\\localhost\C$\Windows\System32\config\SAM`,
  'a device name': String.raw`%SystemRoot%\Temp\NUL`,
  'a device name with an ending': String.raw`%SystemRoot%\Temp\com1.sys`,
  'a device name in superscript': '%SystemRoot%\\Temp\\COM\u00b9',
  'a variable inside': String.raw`%SystemRoot%\%ProgramData%\x.sys`,
  'another variable': String.raw`%windir%\System32\config\SAM`,
  'a backslash of another script': '%SystemRoot%\uff3cSystem32\uff3cconfig\uff3cSAM',
  'a letter that turns the text around': '%SystemRoot%\\Temp\\\u202eMAS.sys',
  'a letter without width': '%SystemRoot%\\System32\\con\u200bfig\\SAM',
  'a NUL': '%SystemRoot%\\Temp\\x\u0000.sys',
}; // prettier-ignore

describe('no spelling of a path leads a script out of what it may change', () => {
  for (const [what, path] of Object.entries(spellings))
    test(what, () => {
      for (const [verb, line] of Object.entries(lines)) {
        const { script, diagnostics } = checkScript(line(path));
        assert.ok(!script && diagnostics.length > 0, verb);
      }
    });
});

describe('case and the drive do not open a protected place', () => {
  for (const path of [
    String.raw`%SystemRoot%\SYSTEM32\CONFIG\sam`,
    String.raw`%systemroot%\system32\Config\SaM`,
    String.raw`%SystemDrive%\wInDoWs\System32\config\SAM`,
    String.raw`%SystemDrive%\PAGEFILE.SYS`,
    String.raw`%ProgramData%\bootmend\journal\x.journal`,
    String.raw`%SystemDrive%\users\ada\x.txt`,
    String.raw`%SystemRoot%\ntds\NTDS.DIT`,
    String.raw`%SystemRoot%\sysvol\domain\Policies\x.inf`,
    String.raw`%ProgramData%\MICROSOFT\crypto\Keys\1`,
  ])
    test(path, () => {
      for (const [verb, line] of Object.entries(lines)) {
        if (verb === 'copy from') continue;
        const codes = checkScript(line(path)).diagnostics.map(one => one.code);
        assert.deepEqual(codes, ['protected-place'], verb);
      }
    });

  test('a new name', () => {
    const { script } = checkScript(String.raw`rename %SystemDrive%\x.sys to PageFile.SYS`);
    assert.equal(script, undefined);
  });
});

/** A disk whose links lead on, as they would on a host that follows them, and whose files have short names. */
function trickedVolume(): MemoryVolume {
  const volume = new MemoryVolume({
    'W:\\Windows\\System32\\config\\SAM': {},
    'W:\\Windows\\Temp\\planted.sys': {},
    'W:\\Windows\\Contoso\\planted.sys': {},
    'W:\\Windows\\Temp\\junction': { kind: 'link' },
    'W:\\Windows\\Temp\\symlink.sys': { kind: 'link' },
    [`${contoso}\\long name.sys`]: {},
  });
  // What lies behind the junction is found, so that only the look at the junction itself can refuse it.
  volume.put('W:\\Windows\\Temp\\junction\\SAM');
  volume.alias('W:\\Windows\\System32\\CONFIG~1', 'W:\\Windows\\System32\\config');
  volume.alias('W:\\Windows\\System32\\CONFIG~1\\SAM', 'W:\\Windows\\System32\\config\\SAM');
  volume.alias(`${contoso}\\LONGNA~1.SYS`, `${contoso}\\long name.sys`);
  // A short name need not look like one: anybody can set it.
  volume.alias(`${contoso}\\plain.sys`, `${contoso}\\long name.sys`);
  for (const name of ['SAM', 'symlink.sys', 'LONGNA~1.SYS', 'plain.sys'])
    volume.put(`${store}\\cntflt.inf_amd64_0123456789abcdef\\${name}`);
  return volume;
}

const detours: Readonly<Record<string, readonly [path: string, codes: readonly string[]]>> = {
  'a junction on the path': [`${temp}\\junction\\SAM`, ['link-on-path']],
  'a symlink to a file': [`${temp}\\symlink.sys`, ['link-on-path']],
  'the short name of a folder': [String.raw`%SystemRoot%\System32\CONFIG~1\SAM`, ['short-name']],
  'the short name of a file': [String.raw`%SystemRoot%\System32\drivers\Contoso\LONGNA~1.SYS`, ['short-name']],
  'a short name that does not look like one': [String.raw`%SystemRoot%\System32\drivers\Contoso\plain.sys`, ['short-name']],
}; // prettier-ignore

describe('what only the volume can tell is refused by the plan', () => {
  for (const [what, [path, codes]] of Object.entries(detours))
    for (const [verb, line] of Object.entries(lines))
      test(`${what}: ${verb}`, () => {
        const { script, diagnostics } = checkScript(line(path));
        assert.deepEqual(diagnostics, []);
        const plan = planScript(script!, trickedVolume(), {});
        assert.equal(plan.kind, 'refused');
        assert.ok(codes.includes(plan.code), plan.code);
      });

  test('a new name that is the short name of another file', () => {
    const { script } = checkScript(
      String.raw`rename %SystemRoot%\System32\drivers\Contoso\other.sys to LONGNA~1.SYS`,
    );
    const volume = trickedVolume();
    volume.put(`${contoso}\\other.sys`);
    const plan = planScript(script!, volume, {});
    assert.equal(plan.kind === 'refused' && plan.code, 'target-exists');
  });

  test('a wildcard passes links by', () => {
    const volume = trickedVolume();
    const { script } = checkScript(`delete ${temp}\\*n*.sys`);
    const plan = planScript(script!, volume, {});
    assert.ok(plan.kind === 'plan');
    assert.deepEqual(
      plan.steps.flatMap(step => step.changes.map(change => change.path)),
      ['W:\\Windows\\Temp\\planted.sys'],
    );
  });

  test('a driver store behind a link, and a package that is one, are no source', () => {
    const { script } = checkScript(
      String.raw`restore %SystemRoot%\System32\drivers\cntflt.sys from driver store`,
    );
    const behind = new MemoryVolume({
      'W:\\Windows\\System32\\drivers\\cntflt.sys': {},
      [store]: { kind: 'link' },
      [`${store}\\evil\\cntflt.sys`]: {},
    });
    assert.equal(planScript(script!, behind, {}).kind, 'refused');
    const linked = new MemoryVolume({
      'W:\\Windows\\System32\\drivers\\cntflt.sys': {},
      [`${store}\\evil`]: { kind: 'link' },
      [`${store}\\evil\\cntflt.sys`]: {},
    });
    assert.equal(planScript(script!, linked, {}).kind, 'nothing-to-do');
  });
});

describe('a name that only looks like another is another', () => {
  const alike = ['b\u0430d.sys', 'BAD.\u017fys', 'bad\uff0esys', 'b\u00e4d.sys'];
  test('in a script', () => {
    const volume = new MemoryVolume(
      Object.fromEntries([...alike, 'Bad.Sys'].map(name => [`${contoso}\\${name}`, {}])),
    );
    const { script } = checkScript(String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad.sys`);
    const plan = planScript(script!, volume, {});
    assert.ok(plan.kind === 'plan');
    assert.deepEqual(
      plan.steps.flatMap(step => step.changes.map(change => change.path)),
      [`${contoso}\\Bad.Sys`],
    );
  });

  test('in a protected place, which keeps its own name only', () => {
    const volume = new MemoryVolume();
    for (const folder of ['\u0441onfig', 'con\ufb01g', 'config\u0307'])
      assert.ok(!isProtected(volume, `W:\\Windows\\System32\\${folder}\\SAM`), folder);
    assert.ok(isProtected(volume, 'W:\\Windows\\System32\\config\\SAM'));
  });
});
