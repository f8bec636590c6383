import * as fc from 'fast-check';
import { checkScript } from '../../../shared/remediation/check-script.ts';

const pick = (...values: string[]) => fc.constantFrom(...values);
const join = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map(all => all.join(''));

const part = pick('Contoso', 'System32', 'drivers', 'My Vendor', 'Straße', 'a,b', 'x-1.2_3');
const name = pick('bad.sys', 'bad-*.sys', 'C-00000291*.sys', 'b?d.dll', '#odd.dat', 'a b.sys', 'naïve*.dat');
const plainName = pick('bad.sys', 'old.dll', 'a b.sys', '#odd.dat');
const quoted = (path: string) => (/[\s,#]/.test(path) ? `"${path}"` : path);
const place = pick('%SystemRoot%', '%systemdrive%', '%ProgramFiles%', '%PROGRAMDATA%');
const folder = fc
  .tuple(place, fc.array(part, { minLength: 1, maxLength: 3 }))
  .map(([start, parts]) => [start, ...parts].join('\\'));
const pathOf = (last: fc.Arbitrary<string>) => fc.tuple(folder, last).map(all => quoted(all.join('\\')));

const day = pick('2024-07-19', '2000-02-29', '1999-12-31');
const instant = join(day, pick(' 04:09 UTC', ' 05:27:00 UTC', ' 23:59:59 UTC', '  00:00 UTC'));
const until = pick('2024-07-20 00:00 UTC', '2030-01-01 05:27:30 UTC');
const written = fc.oneof(
  join(pick('written from '), instant),
  join(pick('written until '), until),
  join(pick('written from '), instant, pick(' until '), until),
);
const size = join(
  pick('size '),
  pick('1000 bytes', 'at least 4096 bytes', 'below 3 MB', 'from 1 KB until 2000 bytes'),
);
const version = pick('version 7.11', 'version at least 7', 'version from 4.2.0 until 4.2.7');
const traits = fc.subarray([written, size, version]).chain(chosen => fc.tuple(...chosen));
const limits = fc
  .subarray(['at most 4 files', 'at most 1 file', 'at most 20 MB'])
  .map(all => all.slice(0, 1));

const remove = (path: fc.Arbitrary<string>) =>
  fc
    .tuple(path, traits, limits)
    .map(([target, ...clauses]) => [`delete ${target}`, ...clauses.flat()].join(', '));
const rename = (path: fc.Arbitrary<string>) =>
  fc.tuple(path, traits).map(([target, clauses]) => [`rename ${target} to old.off`, ...clauses].join(', '));

const range = (values: fc.Arbitrary<string>, high: string) =>
  fc.oneof(
    values,
    join(pick('at least '), values),
    join(pick('below '), values),
    join(pick('from '), values, pick(` until ${high}`)),
  );
const single = fc.oneof(
  join(pick('driver csagent version '), range(pick('7.11', '1.0.0.1', '7'), '9.9')),
  join(pick('windows build '), range(pick('22631', '1'), '99999')),
  pick(
    'driver csagent is boot-start',
    'service "Print Spooler" is disabled',
    'service wuauserv is auto-start',
  ),
  pick(
    String.raw`registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot is number 0x1`,
    String.raw`registry "HKLM\SOFTWARE\My Vendor" value "" is text "on"`,
    String.raw`registry HKLM\SOFTWARE\Contoso value "Up date" is absent`,
    String.raw`registry HKLM\SOFTWARE\Contoso value Channel is present`,
    String.raw`registry key HKLM\SOFTWARE\Contoso is absent`,
    String.raw`registry HKLM\SOFTWARE\Contoso value Size is 64-bit number 0x100000000`,
    String.raw`registry HKLM\SOFTWARE\Contoso value Plugins is texts "a, b",  "c"`,
    String.raw`registry HKLM\SOFTWARE\Contoso value Plugins has  no entry "c"`,
    String.raw`registry HKLM\SOFTWARE\Contoso value "Pl ugins" has entry "c"`,
  ),
  pick('filter names csagent', 'no filter names csagent'),
  pick('crash module is csagent.sys', 'crash code is 0x50', 'crash code is 0x0000007E'),
  fc
    .tuple(pick('file ', 'no file '), pathOf(name), traits)
    .map(([word, path, all]) => [`${word}${path}`, ...all].join(', ')),
);
const group = fc
  .tuple(pick('any of', 'all of'), fc.array(single, { minLength: 1, maxLength: 3 }))
  .map(([head, body]) => [head, ...body.map(line => `  ${line}`)].join('\n'));
const comment = pick('', '', '# why\n', '#   two\n# lines\n');
const guard = fc
  .tuple(comment, fc.oneof(single, group))
  .map(([above, condition]) => `${above}require ${condition}\n`);
const about = fc
  .tuple(
    comment,
    fc.subarray([
      '  risk low\n',
      '  source "https://contoso.example/a?b=c,d"\n',
      '  tell "Grüße, \'x\' # no comment"\n',
    ]),
  )
  .map(([above, fields]) => `${above}remediation "Delete it, please"\n${fields.join('')}`);
const copyIn = pick(
  'copy a.sys to b.sys',
  `copy "a b.sys" to %SystemRoot%\\Temp\\a.sys, sha256 ${'ab'.repeat(32)}, replacing what is there`,
);
const inStep = fc
  .tuple(
    folder,
    fc.array(fc.oneof(remove(name.map(quoted)), rename(plainName.map(quoted)), copyIn), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([path, body]) => `in ${quoted(path)}\n${body.map(line => `  ${line}\n`).join('')}`);
const step = fc
  .tuple(
    comment,
    fc.oneof(
      remove(pathOf(name)).map(line => `${line}\n`),
      rename(pathOf(plainName)).map(line => `${line}\n`),
      pick(
        'disable driver csagent, removing filter entries\n',
        'disable service "Print Spooler"\n',
        'disable driver disk, removing filter entries, accepting that Windows may not start\n',
        'enable driver csagent as boot-start\n',
        'set registry HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl value AutoReboot to number 1\n',
        'set registry "HKLM\\SOFTWARE\\My Vendor" value "" to text "a, b"\n',
        'remove registry HKLM\\SOFTWARE\\Contoso value Channel\n',
        'enable service wuauserv as demand-start\n',
        'restore hive SOFTWARE from RegBack\n',
        'replay hives\n',
        'roll back known issue 1234567890\n',
        'clear transaction logs\n',
        'set registry HKLM\\SOFTWARE\\Contoso value Plugins to texts "a, b", "c"\n',
        'set registry HKLM\\SOFTWARE\\Contoso value Plugins to texts "a",  "c" , creating  the key\n',
        'remove registry key "HKLM\\SOFTWARE\\My Vendor", at most 4 keys\n',
        'remove registry key HKLM\\SOFTWARE\\Contoso\n',
        'set registry HKLM\\SOFTWARE\\Contoso value Path to expandable text "%SystemRoot%\\x"\n',
        'set registry HKLM\\SOFTWARE\\Contoso value Key to binary 00ff\n',
        'add registry entry "a, b" to HKLM\\SOFTWARE\\Contoso value Plugins\n',
        'remove registry entry "c" from "HKLM\\SOFTWARE\\My Vendor" value ""\n',
        'restore %SystemRoot%\\a.sys from quarantine, size below 3 MB\n',
        'restore %SystemRoot%\\a.sys from "%ProgramFiles%\\My Vendor\\a.sys"\n',
        'add filter entry csagent to upper filters of {4d36e967-e325-11ce-bfc1-08002be10318}, before partmgr\n',
        'add filter entry csagent to lower filters of Volume\n',
        'add filter entry csagent to upper filters of devices USB\\VID_1532&PID_0084,  before partmgr\n',
        'set registry HKLM\\SOFTWARE\\Contoso value Size to number 1, replacing  the type\n',
        'restore %SystemRoot%\\a.sys from driver store, including files of Windows\n',
      ),
      inStep,
    ),
  )
  .map(all => all.join(''));
const proof = fc
  .tuple(pick('verify no file ', 'verify file '), pathOf(name), traits)
  .map(([head, path, all]) => `${[`${head}${path}`, ...all].join(', ')}\n`);

/** Sound scripts in any layout: blank lines, comments, spaces at the ends of lines. */
export const arbitraryScript: fc.Arbitrary<string> = fc
  .tuple(
    fc.option(about, { nil: '' }),
    fc.array(guard, { maxLength: 3 }),
    fc.array(step, { minLength: 1, maxLength: 3 }),
    fc.array(proof, { maxLength: 2 }),
    pick('', 'reboot\n', '# at last\nreboot  \n\n# the end\n'),
    pick('', '\n', '\n\n  \n'),
  )
  .map(([head, guards, steps, proofs, end, gap]) => [head, ...guards, ...steps, ...proofs, end].join(gap))
  // Steps are drawn one by one, so that two may change the same thing.
  .filter(
    text =>
      !checkScript(text).diagnostics.some(({ code }) => code === 'changed-twice' || code === 'same-file'),
  );
