import type { PendingRenamesLog } from '../../shared/bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../../shared/bootlog/pending-transaction.ts';
import type { ServicingLog } from '../../shared/bootlog/servicing-log.ts';
import type { SetupapiLog } from '../../shared/bootlog/setupapi-log.ts';
import { printable } from '../../shared/bytes/printable.ts';
import { type Paint, listSection, timeOf } from './terminal.ts';

/** CBS.log or dism.log as a person reads it: the newest failure first. */
export function renderServicing(log: ServicingLog, paint: Paint): string[] {
  const { lastFailure, executeState, failures, packages, sessions } = log;
  const name = lastFailure?.codeName ? `${lastFailure.codeName} (${lastFailure.code})` : lastFailure?.code;
  return [
    lastFailure
      ? `${paint('bad', name ?? 'Servicing failed')} at ${timeOf(lastFailure.atLocal)}, line ${lastFailure.line}.`
      : 'No failure with a code is in this log.',
    ...(executeState ? [`Work over a restart stands at ${printable(executeState.state)}.`] : []),
    ...listSection(
      paint('strong', 'Failures, newest first'),
      failures.map(one => [timeOf(one.atLocal), one.code ?? '-', `line ${one.line}`, one.text.slice(0, 160)]),
    ),
    ...listSection(
      paint('strong', 'Packages, newest first'),
      packages.map(one => [
        one.knowledgeBase ?? one.identity,
        one.state ?? '-',
        one.targetState ? `to ${one.targetState}` : '',
        one.result ?? '',
      ]),
    ),
    ...listSection(
      paint('strong', 'Sessions, newest first'),
      sessions.map(one => [timeOf(one.startedAtLocal), one.client ?? '-', one.result ?? 'no result told']),
    ),
  ];
}

/** setupapi.dev.log as a person reads it: what did not end first, then the newest driver packages. */
export function renderSetupapi({ sections, packages }: SetupapiLog, paint: Paint): string[] {
  const bad = sections.filter(one => one.outcome !== 'done');
  const newest = packages[0];
  return [
    newest
      ? `${paint('strong', newest.inf)} is the driver package added last (${timeOf(newest.installedAtLocal)}).`
      : 'No driver package was added.',
    ...listSection(
      paint('warn', 'Not done, newest first'),
      bad.map(one => [
        timeOf(one.startedAtLocal),
        one.outcome,
        one.errorCode ?? '',
        `${one.title} ${one.subject ?? ''}`,
      ]),
    ),
    ...listSection(
      paint('strong', 'Driver packages, newest first'),
      packages.map(one => [timeOf(one.installedAtLocal), one.inf, one.version ?? '-', one.provider ?? '-']),
    ),
  ];
}

/** PFRO.log as a person reads it. */
export function renderRenames({ runs }: PendingRenamesLog, paint: Paint): string[] {
  const failures = runs.flatMap(run => run.failures.map(one => ({ ...one, at: run.startedAtLocal })));
  return [
    failures.length === 0
      ? 'Every pending rename of these starts was done.'
      : `${paint('bad', `${failures.length} files`)} could not be renamed or deleted at a start.`,
    ...listSection(
      paint('strong', 'Failures, newest start first'),
      failures.map(one => [
        timeOf(one.at),
        one.statusName ?? one.status,
        one.path,
        one.newPath === null ? 'to delete' : `to ${one.newPath}`,
      ]),
    ),
  ];
}

/** pending.xml as a person reads it. */
export function renderTransaction(transaction: PendingTransaction, paint: Paint): string[] {
  const atLeast = transaction.isWhole ? '' : 'at least ';
  return [
    transaction.isPending
      ? `${paint('bad', 'Servicing is not finished')}: the next start has ${atLeast}${transaction.componentChanges} component changes to make.`
      : 'Nothing is pending; an empty transaction was left behind.',
    ...listSection(
      paint('strong', 'Packages'),
      transaction.packages.map(one => [one]),
    ),
    ...listSection(
      paint('strong', 'Operations'),
      Object.entries(transaction.operations).map(([name, count]) => [name, String(count)]),
    ),
  ];
}
