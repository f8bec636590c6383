import type { TimelineEntry } from '../../../shared/api/incident.ts';
import type { Phase, StoryMoment } from '../../../shared/wire/story.ts';
import type { ReadAct, ReadAttempt, ReadEvidence, ReadIncident, ReadReport } from './incident-read.ts';
import { countedFiles, describeChanges } from './change-words.ts';
import { countHeld } from '../../../shared/rules/tell-findings.ts';
import type { ExplainedMatch } from './explained-matches.ts';

const phaseTitles: Readonly<Record<Phase, string>> = {
  'failed-boot': 'Windows failed to start',
  winre: 'The recovery environment started',
  orient: 'Looked whether this is our turn',
  'find-windows': 'Windows found',
  collect: 'Facts collected',
  network: 'On the network',
  'check-in': 'Called for help',
  evidence: 'Evidence sent',
  verify: 'Signatures checked',
  plan: 'Repair planned',
  apply: 'Repair carried out',
  report: 'Outcome reported',
  reboot: 'Restarting',
  'hand-over': 'Handed over to the recovery menu',
};

/** What a device waits for, as the story tells it. */
const waitTitles: Readonly<Record<string, string>> = {
  unexplained: 'No known issue fits',
  'device-pending': 'Waits until a person accepts this device',
  'attempt-stuck': 'Waits for a person: a repair could not be finished or undone',
  'remedy-exhausted': 'Waits for a person: the repair did not help',
  'no-way-back': 'Waits for a person: the repair cannot be taken back',
  'program-not-allowed': 'Waits for a person: the repair runs a program that this device does not allow',
  'policy-never': 'Left to a person: this issue is never repaired automatically',
};

interface Told {
  readonly incident: ReadIncident;
  readonly reports: readonly ReadReport[];
  readonly matches: readonly ExplainedMatch[];
  readonly attempts: readonly ReadAttempt[];
  readonly acts: readonly ReadAct[];
  readonly evidence: readonly ReadEvidence[];
}

/** Everything that happened, in order. Moments of the device are placed by its own clock, ours by the server's. */
export function timelineOf(told: Told): TimelineEntry[] {
  const entries = [
    ...runsOf(told.reports).flatMap(placeRun),
    ...told.reports.flatMap((report, index) => entriesOfReport(report, told.reports[index - 1], told)),
    ...told.matches.filter(({ match }) => match.verdict === 'matched').map(entryOfMatch),
    ...told.attempts.flatMap(entriesOfAttempt),
    ...told.acts.map(entryOfAct),
    ...readTogether(told.evidence).map(entryOfRead),
    ...told.evidence.flatMap(entriesOfUnreadable),
    ...(told.incident.state === 'given-up'
      ? [serverEntry(told.incident.closedAt ?? told.incident.changedAt, 'Given up')]
      : []),
  ];
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const serverEntry = (at: Date, title: string, detail?: string): TimelineEntry => ({
  at: at.toISOString(),
  kind: 'server',
  title,
  ...(detail !== undefined && detail !== '' && { detail }),
});

/** One run of the agent: its moments, and the instant of its zero on the server's clock. */
interface Run {
  readonly moments: readonly StoryMoment[];
  readonly startedAtMs: number;
}

/** A report repeats the moments of its run from the start; a clock that went back is a new run. */
function runsOf(reports: readonly ReadReport[]): Run[] {
  const runs: Run[] = [];
  for (const { story, receivedAt } of reports) {
    const last = story?.at(-1);
    if (!story || !last) continue;
    const startedAtMs = receivedAt.getTime() - last.atMs;
    const previous = runs.at(-1);
    const before = previous?.moments.at(-1);
    const continues =
      previous &&
      before &&
      last.atMs >= before.atMs &&
      story.some(moment => moment.phase === before.phase && moment.atMs === before.atMs);
    if (!continues) {
      runs.push({ moments: story, startedAtMs });
      continue;
    }
    // The smallest distance had the least waiting in it.
    const known = new Set(previous.moments.map(keyOf));
    const moments = [...previous.moments, ...story.filter(moment => !known.has(keyOf(moment)))];
    runs[runs.length - 1] = { moments, startedAtMs: Math.min(previous.startedAtMs, startedAtMs) };
  }
  return runs;
}

const keyOf = ({ phase, atMs, note }: StoryMoment) => `${phase} ${atMs} ${note ?? ''}`;

const placeRun = ({ moments, startedAtMs }: Run): TimelineEntry[] =>
  moments.map(({ phase, atMs, note }) => ({
    at: new Date(startedAtMs + atMs).toISOString(),
    kind: 'device',
    phase,
    title: phaseTitles[phase],
    ...(note !== undefined && { detail: note }),
  }));

function entriesOfReport(report: ReadReport, before: ReadReport | undefined, told: Told): TimelineEntry[] {
  const { receivedAt, decision, kind } = report;
  if (kind === 'booted') {
    const detail = told.incident.state === 'healed' ? 'healed' : 'without a repair of ours';
    return [serverEntry(receivedAt, 'Windows started and reported in', detail)];
  }
  const entries: TimelineEntry[] = [];
  if (kind === 'outcome' && report.outcome !== 'applied')
    entries.push(serverEntry(receivedAt, `The repair ended: ${report.outcome}`, report.reason ?? undefined));
  if (decision.kind === 'send-evidence') {
    const probes = decision.probes?.length ?? 0;
    if (probes > 0) entries.push(serverEntry(receivedAt, `Asked ${probes} more questions`));
    if (report.evidenceAsked > 0)
      entries.push(serverEntry(receivedAt, `Asked for ${countedFiles(report.evidenceAsked)} of evidence`));
  }
  const isWait = decision.kind === 'wait' || decision.kind === 'stop';
  if (isWait && before?.decision.reason !== decision.reason)
    entries.push(
      serverEntry(
        receivedAt,
        waitTitles[decision.reason ?? ''] ?? 'Waits for a person to approve the repair',
      ),
    );
  return entries;
}

function entryOfMatch({ matchedAt, match: { title, conditions } }: ExplainedMatch): TimelineEntry {
  const { held, all } = countHeld(conditions);
  const detail = `${held} of ${all} conditions hold`;
  return serverEntry(matchedAt, `Known issue fits: ${title}`, detail);
}

function entriesOfAttempt(attempt: ReadAttempt): TimelineEntry[] {
  const { issuedAt, endedAt, state, remediationId, remediationVersion, steps } = attempt;
  const entries = [serverEntry(issuedAt, 'Order issued', `${remediationId}, version ${remediationVersion}`)];
  if (attempt.appliedAt)
    entries.push(
      serverEntry(attempt.appliedAt, 'Repair reported as carried out', describeChanges(steps)?.short),
    );
  if (endedAt && state === 'silent')
    entries.push(serverEntry(endedAt, 'No word from the machine', 'Silence counts as a failure.'));
  if (endedAt && state === 'returned')
    entries.push(serverEntry(endedAt, 'The machine is back in recovery', 'The repair did not help.'));
  if (endedAt && state === 'recalled')
    entries.push(serverEntry(endedAt, 'The order was taken back', attempt.code ?? undefined));
  return entries;
}

const actTitles: Readonly<Record<ReadAct['kind'], string>> = {
  retried: 'began again: failed attempts do not count any more',
  assigned: 'chose a repair',
  'marked-healed': 'says that the machine is well again',
};

function entryOfAct({ kind, actor, at, remediationId, note }: ReadAct): TimelineEntry {
  const detail = remediationId ?? note ?? undefined;
  return {
    at: at.toISOString(),
    kind: 'person',
    title: `${actor.replace(/^account:/, '')} ${actTitles[kind]}`,
    ...(detail !== undefined && { detail }),
  };
}

/** Pieces that were read one after the other are one moment of the story. */
const mostGapMs = 30_000;
const mostNamed = 4;

function readTogether(evidence: readonly ReadEvidence[]): readonly (readonly ReadEvidence[])[] {
  const groups: ReadEvidence[][] = [];
  const parsed = evidence.filter(({ state }) => state === 'parsed');
  for (const piece of parsed.toSorted((a, b) => a.changedAt.getTime() - b.changedAt.getTime())) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && piece.changedAt.getTime() - last.changedAt.getTime() <= mostGapMs) group.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

function entryOfRead(pieces: readonly ReadEvidence[]): TimelineEntry {
  const names = pieces.map(({ name }) => name);
  const at = pieces.at(-1)!.changedAt;
  if (names.length === 1) return serverEntry(at, `Evidence read: ${names[0]}`);
  const more = names.length - mostNamed;
  const named = names.slice(0, mostNamed).join(', ');
  return serverEntry(
    at,
    `Evidence read: ${countedFiles(names.length)}`,
    more > 0 ? `${named} and ${more} more` : named,
  );
}

function entriesOfUnreadable({ name, state, changedAt, reading }: ReadEvidence): TimelineEntry[] {
  if (state !== 'unreadable') return [];
  const problem = (reading as { problem?: { message?: unknown } } | null)?.problem;
  const detail = typeof problem?.message === 'string' ? problem.message : undefined;
  return [serverEntry(changedAt, `Evidence cannot be read: ${name}`, detail)];
}
