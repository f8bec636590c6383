import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildBootStatus } from '../../../agent/lab/logs/boot-status.ts';
import { buildDeviceInstallLog } from '../../../agent/lab/logs/device-install-log.ts';
import { buildPendingRenamesLog } from '../../../agent/lab/logs/pending-renames-log.ts';
import { buildPendingTransaction } from '../../../agent/lab/logs/pending-transaction.ts';
import { buildCbsLog, buildDismLog } from '../../../agent/lab/logs/servicing-log.ts';
import { readBootStatus } from '../../../shared/bootlog/read-boot-status.ts';
import { readPendingRenamesLog } from '../../../shared/bootlog/read-pending-renames-log.ts';
import { readPendingTransaction } from '../../../shared/bootlog/read-pending-transaction.ts';
import { readServicingLog } from '../../../shared/bootlog/read-servicing-log.ts';
import { readSetupapiLog } from '../../../shared/bootlog/read-setupapi-log.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';

interface Problem {
  readonly code: string;
  readonly message: string;
}
type Reader = (bytes: Uint8Array) => readonly Problem[];

/** The problems of an answer, whichever of the rooms' shapes it has. */
const problemsOf = (
  result:
    | { ok: false; problem: Problem }
    | { ok: true; log: { problems: readonly Problem[] } }
    | { ok: true; transaction: { problems: readonly Problem[] } },
): readonly Problem[] => {
  if (!result.ok) return [result.problem];
  return 'log' in result ? result.log.problems : result.transaction.problems;
};

const at = new Date('2024-07-19T04:00:00Z');
const identity = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.7';
const result = { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' };
const session = {
  id: '1_2',
  client: 'Lab',
  startedAt: at,
  package: identity,
  from: 'Staged',
  to: 'Installed',
  result,
};
const driver = {
  inf: 'oem7.inf',
  storeFolder: 'a.inf_amd64_0',
  provider: 'Lab',
  dateAndVersion: '07/18/2024,7.11',
};
const install = {
  title: 'Import',
  subject: 'x.inf',
  at,
  package: driver,
  selected: { description: 'D', inf: 'a.inf' },
};
const start = { kind: 'start', at } as const;
const status = {
  wasLastStartGood: false,
  wasLastStopClean: false,
  lastAliveAt: at,
  startNumber: 2,
  lastCleanStopNumber: 1,
};

const subjects: { name: string; bytes: Uint8Array; read: Reader; mark: string }[] = [
  {
    name: 'CBS.log',
    bytes: buildCbsLog([session, { ...session, id: '1_3' }]),
    read: bytes => problemsOf(readServicingLog(memorySource(bytes))),
    mark: '2024-07-19 04:00:00, Error                 CBS    ',
  },
  {
    name: 'dism.log',
    bytes: buildDismLog([{ at, commandLine: 'dism /x', failedWith: '0x800f081f' }]),
    read: bytes => problemsOf(readServicingLog(memorySource(bytes))),
    mark: '2024-07-19 04:00:00, Info                  DISM   Package ',
  },
  {
    name: 'setupapi.dev.log',
    bytes: buildDeviceInstallLog(at, [install, { ...install, errors: ['e'], exitStatus: 'FAILURE(0x1)' }]),
    read: bytes => problemsOf(readSetupapiLog(memorySource(bytes))),
    mark: '>>>  [A]\n     inf: Provider: ',
  },
  {
    name: 'PFRO.log',
    bytes: buildPendingRenamesLog([
      { at, failures: [{ path: 'C:\\a', status: '0xc0000034' }], succeeded: 1 },
    ]),
    read: bytes => problemsOf(readPendingRenamesLog(memorySource(bytes))),
    mark: '1/2/2024 3:4:5 - PFRO Error: ',
  },
  {
    name: 'bootstat.dat',
    bytes: buildBootStatus({ ...status, entries: [start, { kind: 'launch', path: '\\winload.efi' }, start] }),
    read: bytes => problemsOf(readBootStatus(bytes)),
    mark: '',
  },
  {
    name: 'pending.xml',
    bytes: buildPendingTransaction({
      packages: [{ identity, components: 2 }],
      files: [{ source: 'a', destination: 'b' }],
    }),
    read: bytes => problemsOf(readPendingTransaction(memorySource(bytes))),
    mark: '<PendingTransaction><POQ><a b="',
  },
];

function readSafely({ read }: { read: Reader }, bytes: Uint8Array): void {
  const problems = read(bytes);
  assert.ok(problems.length <= 70);
  for (const problem of problems) {
    assert.match(problem.code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(problem.message.length > 10);
  }
}

for (const subject of subjects) {
  test(`${subject.name} cut off anywhere is read as far as it goes`, () => {
    const used = Math.min(subject.bytes.length, 6000);
    for (let cut = 0; cut < used; cut += cut < 64 ? 1 : 7)
      readSafely(subject, subject.bytes.subarray(0, cut));
  });

  test(`${subject.name} with changed bytes never breaks the reader`, () => {
    const place = fc.integer({ min: 0, max: Math.min(subject.bytes.length, 3000) - 1 });
    const edit = fc.record({ place, value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 16 }), edits => {
        const copy = subject.bytes.slice();
        for (const { place: offset, value } of edits) copy[offset] = value;
        readSafely(subject, copy);
      }),
      { numRuns: 200, seed: 20240719 },
    );
  });

  test(`${subject.name} of hostile repetition is read in time`, () => {
    const pieces = [
      'Session(',
      'Package: ',
      'a.b-c_',
      '~',
      ', ',
      '\\??\\',
      'HRESULT = ',
      '[',
      ' - ',
      '" ',
      '&#',
      '1_1 ',
    ];
    for (const piece of pieces) {
      const line = `${subject.mark}${piece.repeat(Math.ceil(3000 / piece.length))}\n`;
      readSafely(subject, Uint8Array.from(Buffer.from(line.repeat(60))));
    }
  });
}
