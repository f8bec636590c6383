import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { commandDefinitions } from '../../../../shared/remediation/translate/command-table.ts';
import { maxPasteLength, translateText } from '../../../../shared/remediation/translate/translate-text.ts';

const steps = (pasted: string) =>
  translateText(pasted)
    .script.split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
const reasons = (pasted: string) =>
  translateText(pasted).lines.flatMap(line => (line.kind === 'not-translated' ? line.notes : []));

const drivers = String.raw`C:\Windows\System32\drivers`;

describe('one command, one meaning', () => {
  for (const [pasted, expected] of [
    [
      `del ${drivers}\\CrowdStrike\\C-00000291*.sys`,
      String.raw`delete %SystemRoot%\System32\drivers\CrowdStrike\C-00000291*.sys`,
    ],
    [
      `del /f /q "${drivers}\\My Vendor\\bad.sys"`,
      String.raw`delete "%SystemRoot%\System32\drivers\My Vendor\bad.sys"`,
    ],
    [
      String.raw`DEL %windir%/System32/drivers/bad.sys`,
      String.raw`delete %SystemRoot%\System32\drivers\bad.sys`,
    ],
    [`C:\\> cmd /c "del ${drivers}\\bad.sys"`, String.raw`delete %SystemRoot%\System32\drivers\bad.sys`],
    [
      `Remove-Item -Path ${drivers}\\bad.sys -Force`,
      String.raw`delete %SystemRoot%\System32\drivers\bad.sys`,
    ],
    [
      `ren ${drivers}\\bad.sys bad.sys.off`,
      String.raw`rename %SystemRoot%\System32\drivers\bad.sys to bad.sys.off`,
    ],
    [
      `move ${drivers}\\bad.sys ${drivers}\\bad.off`,
      String.raw`rename %SystemRoot%\System32\drivers\bad.sys to bad.off`,
    ],
    [`move ${drivers}\\bad.sys D:\\away`, String.raw`delete %SystemRoot%\System32\drivers\bad.sys`],
    [
      String.raw`copy C:\Windows\a.dll C:\Windows\b.dll`,
      String.raw`copy %SystemRoot%\a.dll to %SystemRoot%\b.dll`,
    ],
    [
      String.raw`copy /y C:\Windows\a.dll C:\Windows\b.dll`,
      String.raw`copy %SystemRoot%\a.dll to %SystemRoot%\b.dll, replacing what is there`,
    ],
    [
      String.raw`copy C:\windows\winsxs\amd64_a_1\a.sys C:\Windows\System32\drivers\a.sys`,
      String.raw`restore %SystemRoot%\System32\drivers\a.sys from %SystemRoot%\winsxs\amd64_a_1\a.sys, including files of Windows`,
    ],
    [
      String.raw`copy C:\Windows\System32\config\RegBack\SYSTEM C:\Windows\System32\config`,
      'restore hive SYSTEM from RegBack',
    ],
    [String.raw`del C:\Windows\System32\config\TxR\*.regtrans-ms`, 'clear transaction logs'],
    [
      String.raw`xcopy C:\Windows\a.dll C:\Windows\System32 /y`,
      String.raw`copy %SystemRoot%\a.dll to %SystemRoot%\System32\a.dll, replacing what is there`,
    ],
    ['sc config cntflt start= disabled', 'disable driver cntflt'],
    ['sc config wuauserv start= disabled', 'disable service wuauserv'],
    ['sc config cntflt start= boot', 'enable driver cntflt as boot-start'],
    [
      String.raw`reg add HKLM\SYSTEM\ControlSet001\Services\cntflt /v Start /t REG_DWORD /d 4 /f`,
      'disable driver cntflt',
    ],
    [
      String.raw`reg add HKLM\SYSTEM\ControlSet001\Control\CrashControl /v AutoReboot /t REG_DWORD /d 0x1 /f`,
      String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 1`,
    ],
    [
      String.raw`reg add "HKEY_LOCAL_MACHINE\SOFTWARE\Contoso\My Agent" /v Channel /d broad`,
      String.raw`set registry "HKLM\SOFTWARE\Contoso\My Agent" value Channel to text "broad"`,
    ],
    [
      String.raw`reg add HKLM\SOFTWARE\Contoso /v Size /t REG_QWORD /d 5000000000 /f`,
      String.raw`set registry HKLM\SOFTWARE\Contoso value Size to 64-bit number 5000000000`,
    ],
    [
      String.raw`reg add HKLM\SOFTWARE\Contoso /v Folder /t REG_EXPAND_SZ /d "%ProgramFiles%\Contoso" /f`,
      String.raw`set registry HKLM\SOFTWARE\Contoso value Folder to expandable text "%ProgramFiles%\Contoso"`,
    ],
    [
      String.raw`reg add HKLM\SOFTWARE\Contoso /v Plugins /t REG_MULTI_SZ /d a\0b /f`,
      String.raw`set registry HKLM\SOFTWARE\Contoso value Plugins to texts "a", "b"`,
    ],
    [
      String.raw`reg add HKLM\SOFTWARE\Contoso /v Plugins /t REG_MULTI_SZ /s ; /d "a b;c" /f`,
      String.raw`set registry HKLM\SOFTWARE\Contoso value Plugins to texts "a b", "c"`,
    ],
    [
      String.raw`reg add HKLM\SOFTWARE\Contoso /v Key /t REG_BINARY /d 0A1B /f`,
      String.raw`set registry HKLM\SOFTWARE\Contoso value Key to binary 0a1b`,
    ],
    [
      String.raw`reg delete "HKLM\SOFTWARE\Contoso\My Agent" /f`,
      String.raw`remove registry key "HKLM\SOFTWARE\Contoso\My Agent"`,
    ],
    [
      String.raw`reg delete HKLM\SOFTWARE\Contoso\Agent /v PendingUpdate /f`,
      String.raw`remove registry HKLM\SOFTWARE\Contoso\Agent value PendingUpdate`,
    ],
  ] as const)
    // prettier-ignore
    test(pasted, () => {
      assert.deepEqual(steps(pasted), [expected]);
      assert.equal(translateText(pasted).complete, true);
    });

  test('a hive that was loaded under another name', () => {
    const pasted = String.raw`reg load HKLM\OFF W:\Windows\System32\config\SYSTEM
reg add HKLM\OFF\ControlSet002\Services\cntflt /v Start /t REG_DWORD /d 4 /f
reg unload HKLM\OFF`;
    assert.deepEqual(steps(pasted), ['disable driver cntflt']);
  });

  test('a restart comes last and once, commands of one line are parted', () => {
    const pasted = `shutdown /r /t 0\ncd /d ${drivers} && del a.sys & del b.sys\nshutdown /r`;
    assert.deepEqual(steps(pasted), [
      String.raw`delete %SystemRoot%\System32\drivers\a.sys`,
      String.raw`delete %SystemRoot%\System32\drivers\b.sys`,
      'reboot',
    ]);
  });
});

describe('steps of articles', () => {
  test('the steps that CrowdStrike published for 19 July 2024', () => {
    const { lines, complete } = translateText(published);
    assert.deepEqual(steps(published), [
      String.raw`delete %SystemRoot%\System32\drivers\CrowdStrike\C-00000291*.sys`,
      'reboot',
    ]);
    assert.equal(complete, true);
    assert.deepEqual(
      lines.map(({ kind }) => kind),
      ['not-needed', 'not-needed', 'translated', 'translated', 'not-needed'],
    );
  });

  for (const [pasted, expected] of [
    [
      `Open a command prompt and type "del ${drivers}\\bad.sys".`,
      [String.raw`delete %SystemRoot%\System32\drivers\bad.sys`],
    ],
    [
      `2) Rename ${drivers}\\bad.sys to bad.old`,
      [String.raw`rename %SystemRoot%\System32\drivers\bad.sys to bad.old`],
    ],
    [
      `- Go to ${drivers}\\Contoso\n- Rename contoso.sys to contoso.off`,
      [String.raw`rename %SystemRoot%\System32\drivers\Contoso\contoso.sys to contoso.off`],
    ],
    ['Disable the driver cntflt, then restart.', ['disable driver cntflt', 'reboot']],
  ] as const)
    // prettier-ignore
    test(pasted.split('\n')[0], () => assert.deepEqual(steps(pasted), expected));
});

const published = `1. Boot Windows into Safe Mode or the Windows Recovery Environment
2. Navigate to the %WINDIR%\\System32\\drivers\\CrowdStrike directory
3. Locate the file matching “C-00000291*.sys”, and delete it.
4. Boot the host normally.
Note: BitLocker-encrypted hosts may require a recovery key.`;

describe('what is left out, and why', () => {
  for (const [pasted, why] of [
    [`del /s ${drivers}\\*.sys`, /every folder below/],
    ['del bad.sys', /in which folder/],
    [`del ${drivers}\\*`, /./],
    [String.raw`del C:\Windows\System32\config\SYSTEM`, /./],
    [String.raw`del \\server\share\x.sys`, /./],
    [String.raw`reg delete HKLM\SOFTWARE\Contoso\Agent /va /f`, /all values/],
    [String.raw`reg add HKLM\SOFTWARE\Contoso\Agent /f`, /creating the key/],
    [String.raw`reg delete HKLM\SOFTWARE\Microsoft /f`, /./],
    [
      String.raw`reg add HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318} /v UpperFilters /t REG_MULTI_SZ /d partmgr`,
      /removing filter entries/,
    ],
    [String.raw`reg add HKLM\SAM\SAM /v x /d y`, /./],
    ['sc delete cntflt', /not deleted/],
    ['format c: /q', /formats/],
    ['powershell -enc AAAA', /no script runs such a program/],
    [String.raw`C:\Windows\System32\rundll32.exe /x shell32.dll`, /runs whatever its arguments say/],
    ['mend.exe /quiet', /does not say in which folder/],
    ['Call our hotline.', /recognised/],
  ] as const)
    // prettier-ignore
    test(pasted, () => {
      const found = reasons(pasted);
      assert.equal(found.some(one => why.test(one)), true, found.join(' '));
      assert.deepEqual(steps(pasted), []);
      assert.equal(translateText(pasted).complete, false);
    });
});

test('what an author should add', () => {
  const codes = (pasted: string) => translateText(pasted).advice.map(one => one.code);
  assert.deepEqual(codes(`del ${drivers}\\Contoso\\bad-*.sys`), [
    'title-and-risk',
    'guard-on-evidence',
    'time-window',
    'limit',
    'verify',
  ]);
  assert.deepEqual(codes('sc config cntflt start= disabled'), [
    'title-and-risk',
    'guard-on-evidence',
    'filter-entries',
    'guard-on-driver',
    'verify',
  ]);
});

describe('what a tool of Windows does comes with its risk, and lacks only the guard of its author', () => {
  for (const [pasted, step, risk] of [
    ['chkdsk C: /f', 'repair file system', 'medium'],
    [String.raw`sfc /scannow /offbootdir=C:\ /offwindir=C:\Windows`, 'repair system files', 'medium'],
    [String.raw`dism /Image:C:\ /Cleanup-Image /RestoreHealth`, 'repair system files', 'medium'],
    [String.raw`bcdboot C:\Windows /s S: /f UEFI`, 'repair boot files', 'medium'],
    ['bcdedit /set {default} safeboot network', 'set boot option safe mode with network', 'medium'],
    ['bcdedit /deletevalue {default} safeboot', 'clear boot option safe mode', 'medium'],
    [
      String.raw`dism /Image:C:\ /Cleanup-Image /RevertPendingActions`,
      'revert pending updates, accepting no undo',
      'high',
    ],
  ] as const)
    // prettier-ignore
    test(pasted, () => {
      const { script, diagnostics, advice, complete } = translateText(pasted);
      assert.equal(complete, true);
      assert.deepEqual(steps(pasted), ['remediation "What it heals"', `  risk ${risk}`, step]);
      assert.deepEqual(diagnostics.map(one => one.code), ['missing-evidence']);
      const guard = advice.find(one => one.code === 'guard-on-evidence')!;
      const guarded = script.replace('\n\n', `\n\n${guard.example}\n\n`);
      assert.deepEqual(checkScript(guarded).diagnostics, []);
    });
});

test('a program of a vendor becomes a run whose hash is its author’s to write', () => {
  const { script, lines, advice, diagnostics } = translateText(
    String.raw`"C:\Program Files\Contoso Agent\mend.exe" /offline C:\ --log="C:\Windows\Temp\mend log.txt" C:`,
  );
  assert.deepEqual(
    script.split('\n').filter(line => line.startsWith('run ') || line.startsWith('  risk')),
    [
      '  risk high',
      String.raw`run "%ProgramFiles%\Contoso Agent\mend.exe" with "/offline" "%SystemDrive%\" "--log=%SystemRoot%\Temp\mend log.txt" "%SystemDrive%", sha256 ${'0'.repeat(64)}, at most 5 minutes, accepting no undo`,
    ],
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['missing-evidence'],
  );
  assert.match(lines[0]!.notes.join(' '), /Get-FileHash[^]*only on devices that allow exactly this program/);
  assert.ok(advice.some(one => one.code === 'program-hash'));
  assert.deepEqual(steps(String.raw`C:\Contoso\mend.exe is the program that mends it.`), []);
});

test('each command of the table understands its example', () => {
  for (const { names, example } of commandDefinitions) {
    const [line] = translateText(example).lines;
    assert.ok(line, names.join());
    assert.doesNotMatch(line.notes.join(' '), /recognised here/, example);
  }
});

describe('hostile input', () => {
  test('any text gives a sound script or says what is missing', () => {
    const piece = fc.constantFrom('del ', 'ren ', 'reg add ', 'HKLM\\SYSTEM\\', '"', '%', '\\', ' /v ', 'C:', '*', '\n', 'a.sys', '“', '‮', '\0', ' to ', '1. ', 'rename ', '&', '^', ',', '#'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), parts => {
        const { script, diagnostics } = translateText(parts.join(''));
        if (script === '') return;
        assert.deepEqual(checkScript(script).diagnostics, diagnostics);
        assert.deepEqual(diagnostics, []);
      }),
      { numRuns: 300 },
    );
  });

  test('a sentence with more commands or steps than any has is told, and read in bounded time', () => {
    const many = ['“del C:\\\\a.sys” '.repeat(20), ': del a.sys'.repeat(60), 'Look. '.repeat(100)];
    const { lines } = translateText(many.join('\n'));
    assert.deepEqual(
      lines.map(({ kind }) => kind),
      ['not-translated', 'not-translated', 'not-needed'],
    );
    assert.ok(lines.every(({ notes }) => notes.length <= 16));
  });

  test('what is longer than any article is cut, and said to be', () => {
    const { cut, lines } = translateText('del C:\\Windows\\a.sys\n'.repeat(5000));
    assert.equal(cut, true);
    assert.ok(lines.length <= 300);
    assert.equal(translateText('a'.repeat(maxPasteLength + 1)).cut, true);
  });
});
