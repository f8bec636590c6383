import type { AttemptView, IncidentDetail, IncidentRow } from '../../../shared/api/incident.ts';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { type Explanation, explainScript } from '../../../shared/remediation/explain-script.ts';
import type { TrustDocument } from '../../../shared/trust/documents.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type {
  ListedIncident,
  ReadAct,
  ReadAttempt,
  ReadEvidence,
  ReadIncident,
  ReadReport,
  ReadScript,
} from './incident-read.ts';
import {
  bugcheckOf,
  explanationOf,
  proofOf,
  type RemedyReadiness,
  remedyOf,
  verdictOf,
} from './incident-words.ts';
import type { ExplainedMatch } from './explained-matches.ts';
import { timelineOf } from './timeline.ts';

/** Everything that was read about one incident. */
export interface ReadDetail {
  readonly incident: ReadIncident;
  readonly reports: readonly ReadReport[];
  readonly matches: readonly ExplainedMatch[];
  readonly attempts: readonly ReadAttempt[];
  readonly acts: readonly ReadAct[];
  readonly evidence: readonly ReadEvidence[];
  readonly scripts: readonly ReadScript[];
  readonly trust: TrustDocument | undefined;
}

const presentOf = <Value>(value: Value | null | undefined) => (value === null ? undefined : value);

/** One row of the list. */
export function rowOf(incident: ListedIncident): IncidentRow {
  return withoutUndefined({
    incidentId: incident.incidentId,
    code: incident.code,
    deviceId: incident.deviceId,
    deviceName: incident.deviceName,
    state: incident.state,
    cause: presentOf(incident.title),
    knownIssueId: presentOf(incident.knownIssueId),
    signature: presentOf(incident.signature),
    bugcheck: bugcheckOf(incident),
    culprit: presentOf(incident.crashModule),
    openedAt: incident.openedAt.toISOString(),
    changedAt: incident.changedAt.toISOString(),
    closedAt: incident.closedAt?.toISOString(),
  });
}

/** The whole page of an incident: verdict first, then what it rests on. */
export function detailOf(read: ReadDetail): IncidentDetail {
  const { incident, matches, evidence } = read;
  const assigned = assignedOf(read);
  const facts = { ...read, readiness: readinessOf(read), assigned };
  const disagreements = evidence.flatMap(piece => [...piece.disagreements]);
  return withoutUndefined({
    incident: rowOf(incident),
    verdict: verdictOf(facts),
    explanation: explanationOf(incident),
    remedy: remedyOf(facts),
    proof: proofOf(facts),
    device: withoutUndefined({
      deviceId: incident.deviceId,
      name: incident.deviceName,
      model: presentOf(incident.deviceModel),
      lastSeenAt: incident.lastSeenAt?.toISOString(),
    }),
    facts: incident.facts,
    disagreements: disagreements.length === 0 ? undefined : disagreements,
    timeline: timelineOf(read),
    matches: matches.map(found => found.match),
    attempts: read.attempts.map(attempt => attemptOf(attempt, read)),
    assigned,
    evidence: evidence.map(piece =>
      withoutUndefined({
        evidenceId: piece.evidenceId,
        kind: piece.kind,
        name: piece.name,
        sizeBytes: piece.sizeBytes,
        sha256: piece.sha256,
        state: piece.state,
        reading: presentOf(piece.reading),
      }),
    ),
  });
}

/** What a person chose last, while no order went out since. */
function assignedOf({ acts, attempts, incident }: ReadDetail): IncidentDetail['assigned'] {
  const act = acts.findLast(one => one.kind === 'assigned');
  if (!act || act.remediationId === null || incident.closedAt !== null) return undefined;
  if (attempts.some(attempt => attempt.issuedAt >= act.at)) return undefined;
  return { remediationId: act.remediationId, by: act.actor, at: act.at.toISOString() };
}

function attemptOf(attempt: ReadAttempt, { scripts, trust }: ReadDetail): AttemptView {
  const script = scripts.find(one => one.scriptSha256 === attempt.scriptSha256);
  const text = script ? textOfUtf8(script.text).text : '';
  return withoutUndefined({
    attemptId: attempt.attemptId,
    remediationId: attempt.remediationId,
    remediationVersion: attempt.remediationVersion,
    state: attempt.state,
    code: presentOf(attempt.code),
    issuedAt: attempt.issuedAt.toISOString(),
    appliedAt: attempt.appliedAt?.toISOString(),
    endedAt: attempt.endedAt?.toISOString(),
    script: text,
    scriptSha256: attempt.scriptSha256,
    approvedBy: approversOf(script?.envelopes[0], trust),
    threshold: trust?.threshold ?? 1,
    sentences: [...explanationsOf(text)],
    steps: attempt.steps.map(step => ({ ...step, changes: [...step.changes] })),
  });
}

/** Who signed an approval; every signature was checked before it was stored. */
function approversOf(envelope: Envelope | undefined, trust: TrustDocument | undefined) {
  const signed = new Set(envelope?.signatures.map(signature => signature.keyid));
  return (trust?.approvers ?? [])
    .filter(key => signed.has(key.keyId))
    .map(({ keyId, owner, kind }) => ({ keyId, owner, kind }));
}

/** How far the script is approved that ran last, or would run. */
function readinessOf({ incident, attempts, scripts, trust }: ReadDetail): RemedyReadiness | undefined {
  const ran = attempts.at(-1)?.scriptSha256;
  const script = ran
    ? scripts.find(one => one.scriptSha256 === ran)
    : scripts.find(one => one.remediationId === incident.remediationId);
  if (!script || !trust) return undefined;
  return {
    remediationId: script.remediationId,
    version: script.version,
    title: titleOf(textOfUtf8(script.text).text),
    signed: approversOf(script.envelopes[0], trust).length,
    threshold: trust.threshold,
  };
}

const titleOf = (text: string) => checkScript(text).script?.about?.title;

function explanationsOf(text: string): readonly Explanation[] {
  const { script } = checkScript(text);
  return script ? explainScript(script) : [];
}

/** An object without the members that are undefined, as `exactOptionalPropertyTypes` and JSON want it. */
function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Defined<Value>;
}

type Defined<Value> = {
  [Name in keyof Value as undefined extends Value[Name] ? never : Name]: Value[Name];
} & {
  [Name in keyof Value as undefined extends Value[Name] ? Name : never]?: Exclude<Value[Name], undefined>;
};
