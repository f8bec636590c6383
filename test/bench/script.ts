import assert from 'node:assert/strict';
import { buildDriverFile } from '../../agent/lab/evidence/driver-file.ts';
import { type ByteSource, memorySource } from '../../shared/bytes/byte-source.ts';
import { foldName } from '../../shared/facts/glob.ts';
import type { DirectoryEntry, VolumeView } from '../../shared/facts/volume-view.ts';
import { checkScript } from '../../shared/remediation/check-script.ts';
import { formatScript } from '../../shared/remediation/format-script.ts';
import { parseScript } from '../../shared/remediation/parser.ts';
import { planScript } from '../../shared/remediation/plan-script.ts';
import { Report } from '../../shared/remediation/source.ts';
import { type Figure, medianMs } from './figure.ts';

const lineCount = 1000;
const fileCount = 100_000;
/** What every file of the folder holds: a driver that is not of Windows. */
const driver = buildDriverFile({
  version: '4.2.3.0',
  linkedAt: new Date('2024-06-01T00:00:00Z'),
  company: 'Contoso',
});

/** How long it takes to read, check and format the longest of scripts, and to plan over a folder that is full. */
export function* benchScript(): Generator<Figure> {
  const text = longScript();
  // More than a script may have, so that every line says something: only their number is wrong.
  assert.deepEqual(checkScript(text).diagnostics.map(one => one.code), ['too-many-lines']);
  const tree = parseScript(new Report(text))!;
  assert.equal(formatScript(tree), text);
  yield { figure: 'script-lines', value: text.split('\n').length - 1, unit: 'count' };
  yield { figure: 'script-size', value: text.length, unit: 'bytes' };
  yield { figure: 'check-1000-lines', value: medianMs(101, () => checkScript(text)), unit: 'ms' };
  yield { figure: 'format-1000-lines', value: medianMs(101, () => formatScript(tree)), unit: 'ms' };
  const ms = medianMs(101, () => [checkScript(text), formatScript(tree)]);
  yield { figure: 'check-and-format-1000-lines', value: ms, unit: 'ms', limit: 5 };
  const broken = text.replaceAll('driver csagent', 'drivr csagent');
  yield { figure: 'check-1000-lines-with-mistakes', value: medianMs(51, () => checkScript(broken)), unit: 'ms' };

  const folder = new FullFolder(fileCount);
  const { script } = checkScript(
    [
      `require no file %SystemRoot%\\System32\\drivers\\Contoso\\*.good written from 2024-07-19 04:09 UTC`,
      '',
      'in %SystemRoot%\\System32\\drivers\\Contoso',
      '  delete content-0000*.sys, written from 2024-07-19 04:09 UTC until 2024-07-19 05:27 UTC, at most 256 files',
      '  rename content-99999.sys to content-99999.off',
      '',
      'verify no file %SystemRoot%\\System32\\drivers\\Contoso\\content-0000*.sys',
      'reboot',
      '',
    ].join('\n'),
  );
  const plan = () => planScript(script!, folder, {});
  const planned = plan();
  assert.equal(planned.kind === 'plan' && planned.steps[0]?.changes.length, 10);
  yield { figure: 'files-in-folder', value: fileCount, unit: 'count' };
  yield { figure: 'plan-100000-files', value: medianMs(21, plan), unit: 'ms', limit: 300 };
} // prettier-ignore

/** A thousand lines with every kind of line in them, in the one layout: guards above all, as many steps as there may be. */
function longScript(): string {
  const head = ['remediation "Everything at once"', '  risk medium', '  tell "Your files are safe."', ''];
  const steps = Array.from({ length: 60 }, (_, i) =>
    i % 6 === 5
      ? `disable driver flt${i}, removing filter entries`
      : `delete %SystemRoot%\\System32\\drivers\\C\\f${i}-*.sys, size below 1 MB, at most 4 files`,
  );
  const proofs = steps.map((_, i) => `verify no file %SystemRoot%\\System32\\drivers\\C\\f${i}-*.sys`);
  const groups = lineCount - head.length - steps.length - proofs.length - 3;
  const guards: string[] = [];
  for (let i = 0; guards.length < groups; i++) {
    const kind = i % 8;
    if (kind === 0) guards.push('# Any of these says that it is the bad one.', 'require any of');
    else if (kind === 1) guards.push(`  driver csagent version from 7.${i} until 8`);
    else if (kind === 2) guards.push(`  file %SystemRoot%\\System32\\drivers\\a${i}.sys size 40 KB`);
    else if (kind === 3) guards.push('  crash module is csagent.sys');
    else if (kind === 4) guards.push('  all of', '    crash code is 0x50', `    windows build below ${i}`);
    else guards.push(`  filter names flt${i}`);
  }
  // A group needs a body, so what is too long for the thousand lines is cut behind the first line of a group.
  const cut = guards.slice(0, groups);
  return `${[...head, ...cut, '', ...steps, '', ...proofs, 'reboot'].join('\n')}\n`;
}

/** A folder with very many files, as a host would list them: in name order, without an index by pattern. */
class FullFolder implements VolumeView {
  readonly root = 'W:\\';
  readonly windowsDirectory = 'W:\\Windows';
  readonly #folder = foldName('W:\\Windows\\System32\\drivers\\Contoso');
  readonly #entries: readonly DirectoryEntry[];
  readonly #byName: ReadonlyMap<string, DirectoryEntry>;

  constructor(files: number) {
    this.#entries = Array.from({ length: files }, (_, i) => ({
      name: `content-${String(i).padStart(5, '0')}.sys`,
      kind: 'file',
      sizeBytes: 40_000 + i,
      writtenAtMs: Date.parse('2024-07-19T04:09:33Z') + i,
    }));
    this.#byName = new Map(this.#entries.map(entry => [foldName(entry.name), entry]));
  }

  find(path: string): DirectoryEntry | undefined {
    const folded = foldName(path);
    if (folded.startsWith(`${this.#folder}\\`))
      return this.#byName.get(folded.slice(this.#folder.length + 1));
    const name = path.slice(path.lastIndexOf('\\') + 1);
    return `${this.#folder}\\`.startsWith(`${folded}\\`)
      ? { name, kind: 'directory', sizeBytes: 0, writtenAtMs: 0 }
      : undefined;
  }

  list(path: string): readonly DirectoryEntry[] | undefined {
    return foldName(path) === this.#folder ? this.#entries : undefined;
  }

  open(): ByteSource {
    return memorySource(driver);
  }
}
