import { explainBugcheck } from '../../../shared/crashdump/bugcheck.ts';
import { sayEvent } from '../../../shared/eventlog/say-event.ts';
import { timeOf } from '../terminal.ts';
import type { CaseEvidence } from './case-evidence.ts';

/** One thing that happened, with the line or place that tells it. */
export interface CaseFinding {
  readonly sentence: string;
  /** As it stands in the file; null where the sentence is all there is. */
  readonly line: string | null;
  readonly path: string;
}

type Say = (evidence: CaseEvidence) => readonly CaseFinding[];

const sayCrash: Say = ({ crash, olderCrash }) => {
  if (olderCrash) return sayOlderCrash(olderCrash);
  if (!crash) return [];
  const { bugcheck, capturedAt, fault } = crash.reading;
  const place =
    fault?.module == null
      ? null
      : `${fault.module}+${fault.offset ?? '0x0'}, ${bugcheck.parameters.join(' ')}`;
  const name = bugcheck.name ? `${bugcheck.name} (${bugcheck.code})` : bugcheck.code;
  const sentence = `Windows stopped with ${name}, ${timeOf(capturedAt)}. ${explainBugcheck(bugcheck.code)}`;
  return [{ sentence, line: place, path: crash.path }];
};

function sayOlderCrash({ path, reading }: NonNullable<CaseEvidence['olderCrash']>): CaseFinding[] {
  const { bugcheck, capturedAt, culprit } = reading;
  const name = bugcheck.name ?? bugcheck.code;
  const sentence = `An older crash, ${name} of ${timeOf(capturedAt)}: Windows ran again after it, so it is not blamed for this failure.`;
  return [{ sentence, line: culprit.module === null ? null : `it was put down to ${culprit.module}`, path }];
}

const sayStatus: Say = ({ bootStatus }) => {
  const status = bootStatus?.reading.status;
  if (!bootStatus || !status || status.wasLastStartGood) return [];
  return [
    {
      sentence: 'The last start did not come up far enough to count as good.',
      line: null,
      path: bootStatus.path,
    },
  ];
};

const sayRepair: Say = ({ repair }) => {
  const cause = repair?.reading.sessions.at(-1)?.rootCauses[0];
  if (!repair || !cause) return [];
  return [
    {
      sentence: 'Startup Repair names a root cause.',
      line: `line ${cause.line}: ${cause.text}`,
      path: repair.path,
    },
  ];
};

const sayBootLog: Say = ({ bootLog }) => {
  const last = bootLog?.reading.lastLoaded;
  if (!bootLog || !last) return [];
  const sentence = `${last.name} was the driver loaded last in the newest start.`;
  return [{ sentence, line: `line ${last.line}: ${last.path}`, path: bootLog.path }];
};

const sayTransaction: Say = ({ transaction }) => {
  if (!transaction?.reading.isPending) return [];
  const { packages, componentChanges } = transaction.reading;
  const sentence = `Servicing is not finished; component changes that wait for the next start: ${componentChanges}.`;
  return [{ sentence, line: packages[0] ?? null, path: transaction.path }];
};

const sayServicing: Say = ({ servicing }) =>
  servicing.flatMap(({ path, reading: { lastFailure: failure } }) => {
    if (!failure) return [];
    const sentence = `Servicing failed with ${failure.codeName ?? failure.code ?? 'an error'}, ${timeOf(failure.atLocal)}.`;
    return [{ sentence, line: `line ${failure.line}: ${failure.text.slice(0, 160)}`, path }];
  });

const sayInstalls: Say = ({ installs }) => {
  const added = installs?.reading.packages[0];
  if (!installs || !added) return [];
  const version = added.version === null ? '' : ` ${added.version}`;
  const sentence = `The driver package added last is ${added.storeFolder.split('_')[0]}${version}, ${timeOf(added.installedAtLocal)}.`;
  return [
    {
      sentence,
      line: `line ${added.line}: ${added.inf} of ${added.provider ?? 'nobody'}`,
      path: installs.path,
    },
  ];
};

const telling = new Set(['crash', 'dirty-start', 'unexpected-stop', 'no-dump-possible']);

const sayEvents: Say = ({ events }) => {
  const all = events?.reading.events ?? [];
  const picked = [
    all.find(one => telling.has(one.kind)),
    all.find(one => one.kind === 'update' && (one.step === 'installed' || one.step === 'failed')),
  ];
  return picked.flatMap(one =>
    one && events
      ? [
          {
            sentence: `The event log tells: ${sayEvent(one)}, ${timeOf(one.at)}.`,
            line: `record ${one.recordId}: ${one.provider} ${one.eventId}`,
            path: events.path,
          },
        ]
      : [],
  );
};

const sayRenames: Say = ({ system }) => {
  const count = system?.reading.pendingRenames.length ?? 0;
  if (!system || count === 0) return [];
  return [
    {
      sentence: `Renames or deletions of files that wait for the next start: ${count}.`,
      line: null,
      path: system.path,
    },
  ];
};

/** What happened, by what tells most about a start first. */
export const listFindings: Say = evidence =>
  [
    sayCrash,
    sayStatus,
    sayRepair,
    sayBootLog,
    sayTransaction,
    sayServicing,
    sayInstalls,
    sayEvents,
    sayRenames,
  ].flatMap(say => say(evidence));
