import { printable } from '../../shared/bytes/printable.ts';
import { explainBugcheck } from '../../shared/crashdump/bugcheck.ts';
import type { CrashDump, CrashModule, Fault } from '../../shared/crashdump/crash-dump.ts';
import { readCrashDump } from '../../shared/crashdump/read-crash-dump.ts';
import { readEvidenceArguments } from './evidence/evidence-arguments.ts';
import { findSingleFile } from './evidence/find-evidence.ts';
import { redactionFor } from './evidence/redaction.ts';
import { type Manner, runOnMany } from './evidence/run-on-many.ts';
import { withFile } from './file-source.ts';
import {
  type Paint,
  type Terminal,
  alignColumns,
  painter,
  processTerminal,
  reportFailure,
  wrongUsage,
} from './terminal.ts';

/** `bootmend dump PATH… [--json] [--redact]`: what crash dumps say. Gives the exit code. */
export async function runDump(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readEvidenceArguments(argv);
  if (!asked) return wrongUsage('dump', terminal);
  const file = findSingleFile(asked.paths);
  if (file === undefined) return runOnMany(asked, manner, terminal);
  const redaction = redactionFor(asked.redact, terminal);
  const read = withFile(file, readCrashDump);
  if (read.problem) reportFailure(redaction.terminal, asked.json && !read.ok, redaction.value(read.problem));
  if (!read.ok) return 1;
  if (!read.value.ok) {
    const { code, message, offset, structure } = read.value.problem;
    const place = `${file}, ${structure ?? 'dump'} at offset ${offset ?? 0}`;
    reportFailure(redaction.terminal, asked.json, redaction.value({ code, message, place }));
    return 1;
  }
  const dump = redaction.value(read.value.dump);
  terminal.out(
    asked.json ? `${JSON.stringify(dump, null, 2)}\n` : `${renderDump(dump, painter(terminal)).join('\n')}\n`,
  );
  return read.problem ? 1 : 0;
}

const manner: Manner = {
  isWanted: kind => kind === 'crash-dump',
  render: (evidence, paint) => (evidence.kind === 'crash-dump' ? renderDump(evidence.reading, paint) : []),
};

/** A dump as a person reads it: who, what, where and when first, the long lists last. */
export function renderDump(dump: CrashDump, paint: Paint): string[] {
  const heading = (text: string) => ['', paint('strong', text)];
  const list = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : [...heading(title), ...alignColumns(rows)];
  const { bugcheck, culprit } = dump;
  return [
    culprit.module === null
      ? paint('strong', `No module is named: ${culprit.because}.`)
      : `${paint('bad', culprit.module)} is to blame (confidence ${culprit.confidence}): ${printable(culprit.because)}.`,
    '',
    `${paint('strong', bugcheck.name ?? 'Unknown bugcheck')} (${bugcheck.code})`,
    explainBugcheck(bugcheck.code),
    '',
    ...alignColumns(factRows(dump)),
    ...list(
      'Other suspects',
      dump.suspects.map(one => [one.module, one.because]),
    ),
    ...list(stackTitle(dump), stackRows(dump)),
    ...markCulprit(list(`Modules (${dump.modules.length})`, dump.modules.map(moduleRow)), dump, paint),
    ...list(
      'Unloaded before',
      dump.unloadedModules.map(one => [one.name, one.start, one.end]),
    ),
    ...list(
      'Missing',
      dump.missing.map(one => [one.code, one.what, `${one.message}${placeOf(one.offset)}`]),
    ),
  ];
}

const sources: Record<Fault['from'], string> = {
  'bugcheck-parameter': 'told by the bugcheck',
  'machine-frame': 'saved by the processor on the stack',
  'exception-record': 'told by the exception record',
  'context-record': 'told by the saved registers',
  'header-context': 'where Windows stopped itself; the fault came before',
};

function factRows(dump: CrashDump): string[][] {
  const { fault, bugcheck } = dump;
  const after = dump.upTimeSeconds === null ? '' : `, ${dump.upTimeSeconds.toFixed(1)} s after start`;
  const when = dump.capturedAt?.replace('T', ' ').replace('Z', ' UTC') ?? 'not told';
  const processors = dump.processors === null ? [] : [`${dump.processors} processors`];
  const build = dump.osBuild === null ? 'Windows' : `Windows build ${dump.osBuild}`;
  return [
    ['label', dump.label],
    ['when', `${when}${after}`],
    ['where', fault ? `${spot(fault)}, ${sources[fault.from]}` : 'not told'],
    ['process', dump.process ?? 'not told'],
    ['system', [build, dump.architecture, ...processors].join(', ')],
    ['file', `${dump.format} dump`],
    ['parameters', bugcheck.parameters.join(' ')],
    ['signature', dump.signature],
  ];
}

const spot = ({ address, module, offset }: Pick<Fault, 'address' | 'module' | 'offset'>) =>
  module === null ? `${address}, in no known module` : `${module}+${offset ?? '0x0'} (${address})`;

const stackTitle = (dump: CrashDump) =>
  dump.stack.some(frame => frame.certainty !== 'certain')
    ? 'Stack, innermost first (without unwind data: true frames are among these)'
    : 'Stack, innermost first';

const stackRows = (dump: CrashDump) =>
  dump.stack.map(frame => [
    frame.certainty === 'certain' ? '' : frame.certainty,
    frame.module === null ? 'no module' : `${frame.module}+${frame.offset ?? '0x0'}`,
    frame.address,
  ]);

const moduleRow = ({ name, base, sizeBytes, timeDateStamp, path }: CrashModule) => [
  name,
  base,
  `0x${sizeBytes.toString(16)}`,
  timeDateStamp,
  path,
];

/** Rows are aligned before they are painted, since colours have no width. */
function markCulprit(lines: readonly string[], dump: CrashDump, paint: Paint): string[] {
  const { module } = dump.culprit;
  const marked = (line: string) => module !== null && line.startsWith(`  ${module} `);
  return lines.map(line => (marked(line) ? paint('bad', `>${line.slice(1)}`) : line));
}

const placeOf = (offset: number | undefined) => (offset === undefined ? '' : ` (at offset ${offset})`);
