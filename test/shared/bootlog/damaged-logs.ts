import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import type { BootStatusProblem } from '../../../shared/bootlog/boot-status.ts';
import { maxLogBytes } from '../../../shared/bootlog/log-text.ts';
import { readBootLog } from '../../../shared/bootlog/read-boot-log.ts';
import { readBootStatus } from '../../../shared/bootlog/read-boot-status.ts';
import { readPendingRenamesLog } from '../../../shared/bootlog/read-pending-renames-log.ts';
import { readPendingTransaction } from '../../../shared/bootlog/read-pending-transaction.ts';
import { readServicingLog } from '../../../shared/bootlog/read-servicing-log.ts';
import { readSetupapiLog } from '../../../shared/bootlog/read-setupapi-log.ts';
import { readSrtTrail } from '../../../shared/bootlog/read-srt-trail.ts';
import { damagesOf, sourceOf, withDamage } from '../../support/damage.ts';
import type { FuzzedReader } from '../../support/fuzz.ts';
import type { Measure } from '../../support/memory-meter.ts';
import * as whole from './whole-logs.ts';

interface Problem {
  readonly code: string;
  readonly message: string;
}

interface LogSubject {
  readonly name: string;
  readonly codes: readonly string[];
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Pieces of the format that damage puts anywhere. */
  readonly texts: readonly string[];
  readonly read: (source: ByteSource) => readonly Problem[];
  /** Lines that, repeated without end, pass every limit. */
  readonly repeated: readonly string[];
}

const textCodes = ['damaged-text', 'log-too-long', 'last-line-cut'];
const bytesOf = (source: ByteSource) => source.read(0, source.sizeBytes);

const subjects: readonly LogSubject[] = [
  {
    name: 'boot-log',
    codes: ['not-a-boot-log', 'unknown-line', ...textCodes],
    files: whole.bootLogs,
    texts: ['BOOTLOG_LOADED \\a.sys\r\n', 'BOOTLOG_NOT_', '\r\n', 'Did not load driver ', '(19045)'],
    read: source => {
      const result = readBootLog(bytesOf(source));
      return result.ok ? result.log.problems : [result.problem];
    },
    repeated: ['10 13 2024 14:00:30.500\nBOOTLOG_LOADED \\SystemRoot\\a.sys\nWords \\b.sys'],
  },
  {
    name: 'srt-trail',
    codes: [
      'not-a-repair-trail',
      'session-unfinished',
      'session-without-start',
      'empty-block',
      'root-causes-differ',
      'unknown-line',
      ...textCodes,
    ],
    files: whole.srtTrails,
    texts: ['\r\n', '---\r\n---\r\n', 'a\r\n---\r\n', 'A = 1\r\nB = 2\r\n', 'a: b 0x5\r\n', ' = '],
    read: source => {
      const result = readSrtTrail(bytesOf(source));
      return result.ok ? result.trail.problems : [result.problem];
    },
    repeated: ['a\n---\nA = 1\nB = 2\nc\n---\nd: e\nf: g 0x1\n---\n---'],
  },
  {
    name: 'servicing-log',
    codes: ['not-a-servicing-log', 'stray-lines', 'too-many-entries', ...textCodes],
    files: whole.servicingLogs,
    texts: [
      '\r\n',
      'Session: 1_2 ',
      'Package_a~31bf3856ad364e35~amd64~~1.2.3.4',
      '[HRESULT = 0x800f0922',
      ' PID=1 ',
    ],
    read: source => {
      const result = readServicingLog(source);
      return result.ok ? result.log.problems : [result.problem];
    },
    repeated: ['2024-07-19 04:00:00, Error                 CBS    x [HRESULT = 0x800f0922 - CBS_E_X]'],
  },
  {
    name: 'setupapi-log',
    codes: [
      'not-a-setupapi-log',
      'section-not-started',
      'section-unfinished',
      'too-many-sections',
      ...textCodes,
    ],
    files: whole.setupapiLogs,
    texts: [
      '\r\n',
      '>>>  [a - b]\r\n',
      '<<<  Section end 2024/07/19 04:00:00.000\r\n',
      '!!!  dvi: ',
      'Selected:\r\n',
    ],
    read: source => {
      const result = readSetupapiLog(source);
      return result.ok ? result.log.problems : [result.problem];
    },
    repeated: ['>>>  [a - b]\n<<<  Section end 2024/07/19 04:00:00.000'],
  },
  {
    name: 'pending-renames-log',
    codes: ['not-a-pending-renames-log', 'unknown-line', 'too-many-failures', ...textCodes],
    files: whole.pendingRenamesLogs,
    texts: ['\r\n', ' - PFRO Error: ', ', \\??\\', ', 0xc0000034\r\n', '5 Successful PFRO operations'],
    read: source => {
      const result = readPendingRenamesLog(source);
      return result.ok ? result.log.problems : [result.problem];
    },
    repeated: ['1/2/2024 3:4:5 - PFRO Error: \\??\\C:\\a, \\??\\C:\\b, 0xc0000034'],
  },
  {
    name: 'pending-transaction',
    codes: ['not-a-pending-transaction', 'declaration-refused', 'cut-off', 'too-long', 'damaged-text'],
    files: whole.pendingTransactions,
    texts: [
      '<!DOCTYPE a [<!ENTITY b "c">]>',
      '<!--',
      '</a>',
      '<a b="',
      "'>",
      '&#x41;',
      '<POQ>',
      ' x="&amp;"',
    ],
    read: source => {
      const result = readPendingTransaction(source);
      return result.ok ? result.transaction.problems : [result.problem];
    },
    repeated: ['<PendingTransaction><POQ><a b="&#65;"/>', '<a x="', "<a x='1' y="],
  },
];

/** Complains about an answer that breaks a promise; gives its codes. */
function codesOf(problems: readonly Problem[]): readonly string[] {
  assert.ok(problems.length <= 70);
  for (const { message } of problems) assert.ok(message.length > 10 && message.length < 400);
  return problems.map(problem => problem.code);
}

/** The pieces as they are and with a zero behind each character, which is how UTF-16 has them. */
const inBothEncodings = (texts: readonly string[]) => [
  ...texts,
  ...texts.map(text => Array.from(text, one => `${one}\0`).join('')),
];

function readerOf(subject: LogSubject): FuzzedReader {
  const extreme = (lines: string, sizeBytes: number) => (measure: Measure) => {
    const text = `${lines}\n`.repeat(Math.ceil(sizeBytes / (lines.length + 1)));
    const bytes = Uint8Array.from(Buffer.from(text));
    return codesOf(measure(bytes.length, () => subject.read(memorySource(bytes))));
  };
  return {
    name: subject.name,
    codes: subject.codes,
    damages: damagesOf(Object.keys(subject.files), { texts: inBothEncodings(subject.texts) }),
    read: (damage, _depth, measure) =>
      withDamage(subject.files[damage.kind]!, damage, bytes =>
        codesOf(measure(bytes.length, () => subject.read(sourceOf(bytes, damage)))),
      ),
    extremes: subject.repeated.map(lines => extreme(lines, maxLogBytes + 4096)),
  };
}

const bootStatusCodes: Readonly<Record<BootStatusProblem['code'], true>> = {
  'not-a-boot-status': true,
  'cut-off': true,
  'version-not-covered': true,
  'entry-broken': true,
};

const bootStatusReader: FuzzedReader = {
  name: 'boot-status',
  codes: Object.keys(bootStatusCodes),
  damages: damagesOf(Object.keys(whole.bootStatuses), {
    places: fc.oneof(
      fc.nat(0x40),
      fc.nat(0x400),
      fc.constantFrom(0, 4, 8, 12, 16).map(place => 0x800 + place),
      fc.nat(0x400).map(place => 0x800 + place),
    ),
  }),
  read: (damage, _depth, measure) =>
    withDamage(whole.bootStatuses[damage.kind]!, damage, bytes => {
      const result = measure(bytes.length, () => readBootStatus(bytes));
      return codesOf(result.ok ? result.log.problems : [result.problem]);
    }),
};

/** Every log of text, and bootstat.dat. */
export const logReaders: readonly FuzzedReader[] = [...subjects.map(readerOf), bootStatusReader];
