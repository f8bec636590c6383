import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Facts } from '../../../shared/facts/facts.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { findForbiddenProgram } from '../../../shared/remediation/program-policy.ts';
import type { Answer } from '../../../shared/wire/answer.ts';
import type { CheckIn } from '../../../shared/wire/check-in.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import { screenCodeOf } from '../../screen-code.ts';
import type { IssueVerdict } from '../known-issues/issue-verdict.ts';
import { waitDecision } from './answer-words.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import { outcomeDeadline, orderValidForSeconds } from './deadlines.ts';
import { decide, type Decided, noProgress, type Remedy } from './decide.ts';
import { isFinal } from './incident-machine.ts';
import type { IntakeParts } from './intake-parts.ts';
import type { ApprovedScript, KnownAttempt } from './intake-store.ts';
import { type Judged, type Received, receiveReport, stateAfter } from './receive-report.ts';
import type { StoredDecision } from './stored-answer.ts';
import { unaskedEvidence, unfinishedEvidence } from './evidence-to-ask.ts';

interface Asked {
  readonly signer: DeviceKeyName;
  readonly message: CheckIn;
  readonly facts: Facts;
  readonly issues: readonly IssueVerdict[];
}

/** A machine in WinRE asks for help: finds out what it suffers from and decides what it is told. */
export async function receiveCheckIn(
  parts: IntakeParts,
  signer: DeviceKeyName,
  message: CheckIn,
  bodySha256: Uint8Array,
): Promise<Answer> {
  const { facts, dropped } = parseFacts(message.facts);
  if (dropped.length > 0)
    parts.log.debug('facts dropped', { device: signer.deviceId, names: dropped.join(' ') });
  const issues = await parts.issues.match(signer.organizationId, facts);
  const remediationIds = issues.flatMap(issue =>
    issue.verdict === 'matched' && issue.remediationId !== undefined ? [issue.remediationId] : [],
  );
  const { trustVersion, recallVersion } = message;
  const arrival = { signer, kind: 'check-in', body: message, bodySha256, remediationIds } as const;
  return await receiveReport(parts, { ...arrival, seen: { trustVersion, recallVersion } }, received =>
    judgeCheckIn(parts, received, { signer, message, facts, issues }),
  );
}

async function judgeCheckIn(parts: IntakeParts, received: Received, asked: Asked): Promise<Judged> {
  const { situation, device, now } = received;
  const { message, facts, issues } = asked;
  const { liveIncident } = situation;
  const current = situation.incident && !isFinal(situation.incident.state) ? situation.incident : undefined;
  const incidentId = current?.incidentId ?? randomUUIDv7();
  const code = current?.code ?? screenCodeOf(randomBytes(8));

  const isCopy =
    message.device !== undefined &&
    (await parts.copies.suspect(received.sql, asked.signer, device, message.device, 'check-in'));

  const ledger = new AttemptLedger(situation);
  settlePreviousAttempt(parts, ledger, asked, incidentId);
  const findRemedy = await remedyFinder(parts, received, asked);
  // An order that was for the one machine is not for the other.
  const again = isCopy ? undefined : orderAgain(ledger, findRemedy);

  const assignedId = current?.assignedId ?? undefined;
  const progress =
    current && !current.isAskedAgain ? (situation.newestReport?.answer.progress ?? noProgress) : noProgress;
  const knownEvidence = current ? situation.evidence : {};
  const decided: Decided = again
    ? {
        choice: { kind: 'order', remedy: again.remedy },
        events: ['order-issued'],
        issue: again.issue,
        progress,
      }
    : decide({
        deviceIsPending: isCopy || device.state === 'pending',
        assignedId,
        issues,
        findRemedy: remediationId => findRemedy({ remediationId }),
        failedAttempts: ledger.failedAttempts,
        isStuck: ledger.isStuck,
        progress,
        offeredEvidence: unaskedEvidence(message.evidence, knownEvidence),
        unfinishedEvidence: unfinishedEvidence(message.evidence, knownEvidence),
      });

  const ordered = decided.choice.kind === 'order' ? decided.choice.remedy : undefined;
  const attemptId = ordered && (again?.attempt.attemptId ?? randomUUIDv7());
  const decision = await wordDecision(parts, asked, decided, { incidentId, attemptId });
  const underway = current?.state === 'treating' || current?.state === 'confirming';
  const superseded = liveIncident && liveIncident.incidentId !== incidentId ? liveIncident : undefined;
  return {
    incident: {
      incidentId,
      code,
      state: stateAfter(
        current?.state ?? 'open',
        underway && !again ? ['attempt-ended', ...decided.events] : decided.events,
      ),
      isFinal: false,
      signature: textOf(facts['crash.signature']),
      facts,
      knownIssueId: decided.issue?.knownIssueId,
      remediationId: ordered?.remediationId ?? decided.issue?.remediationId,
    },
    superseded: superseded && { ...superseded, state: stateAfter(superseded.state, ['superseded']) },
    matches: issues.map(issue => ({
      knownIssueId: issue.knownIssueId,
      version: issue.version,
      verdict: issue.verdict,
      explanation: { title: issue.title, conditions: issue.conditions },
    })),
    offers: message.evidence,
    wantedEvidence: decided.choice.kind === 'send-evidence' ? decided.choice.evidence : [],
    attempts: ledger.changes,
    newAttempt:
      ordered && attemptId !== undefined && !again
        ? {
            attemptId,
            remediationId: ordered.remediationId,
            remediationVersion: ordered.version,
            scriptSha256: ordered.scriptSha256,
          }
        : undefined,
    liveAttempt: attemptId === undefined ? undefined : { attemptId, deadlineAt: outcomeDeadline(now) },
    liveAttemptBefore: ledger.liveBefore,
    answer: { incidentCode: code, decision, progress: decided.progress },
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Notes how the attempt before ended: as the device says, or because a machine in WinRE did not come up. */
function settlePreviousAttempt(
  parts: IntakeParts,
  ledger: AttemptLedger,
  { message, signer }: Asked,
  incidentId: string,
): void {
  const { previousAttempt } = message;
  if (previousAttempt) {
    const { attemptId, state, code } = previousAttempt;
    // A strange word about the past must not keep a machine that is down from being helped.
    if (!ledger.happen(attemptId, state, { code }))
      parts.log.warn('previous attempt ignored', { device: signer.deviceId, attempt: attemptId, state });
  }
  const { live } = ledger;
  if (live && (live.state === 'applied' || live.incidentId !== incidentId))
    ledger.happen(live.attemptId, 'returned');
}

type FindRemedy = (
  wanted: { remediationId: string } | { scriptSha256: string },
) => Remedy | { readonly problem: string };

/** Finds the newest script of a remediation, or one script, that approvers let this device run now. */
async function remedyFinder(
  parts: IntakeParts,
  { sql, situation, now }: Received,
  { signer, facts, message }: Asked,
): Promise<FindRemedy> {
  const assignedId = situation.incident?.assignedId ?? undefined;
  const trust = await parts.trust.stateAt(sql, signer.organizationId, situation);
  const { onlineKey } = parts;
  const withoutWayBack = new Set<string>();
  for (const { scriptSha256 } of situation.scripts)
    if (await parts.scripts.hasNoWayBack(sql, signer.organizationId, scriptSha256))
      withoutWayBack.add(scriptSha256);
  const withForbiddenProgram = new Set<string>();
  for (const { scriptSha256 } of situation.scripts) {
    const programs = await parts.scripts.programsOf(sql, signer.organizationId, scriptSha256);
    if (findForbiddenProgram(programs, message.programs)) withForbiddenProgram.add(scriptSha256);
  }
  return wanted => {
    const candidates = situation.scripts.filter(script =>
      'remediationId' in wanted
        ? script.remediationId === wanted.remediationId
        : script.scriptSha256 === wanted.scriptSha256,
    );
    if (trust.trust && trust.trust.onlineKey.publicKey !== onlineKey.publicKey)
      return { problem: 'online-key-not-trusted' };
    let problem = 'no-remedy';
    for (const script of candidates) {
      const { scriptSha256, envelopes } = script;
      // The device would refuse it whole; so it is not sent, and a person reads why.
      if (withForbiddenProgram.has(scriptSha256)) return { problem: 'program-not-allowed' };
      // What nobody can take back goes out only where a person chose it for this machine, whatever the policy says.
      if (withoutWayBack.has(scriptSha256) && script.remediationId !== assignedId)
        return { problem: 'no-way-back' };
      const judged = parts.approvals.judge(trust, envelopes, { scriptSha256, facts, now });
      if ('envelope' in judged) return remedyOf(script, judged.envelope);
      if (problem === 'no-remedy') problem = judged.problem;
    }
    return { problem };
  };
}

const remedyOf = (
  { remediationId, version, scriptSha256 }: ApprovedScript,
  approval: Remedy['approval'],
) => ({
  remediationId,
  version,
  scriptSha256,
  approval,
});

/**
 * The answer with an order was lost: the same attempt is ordered again, for the nonce of this check-in. When it may
 * not run any more it counts as recalled before it started.
 */
function orderAgain(
  ledger: AttemptLedger,
  findRemedy: FindRemedy,
): { attempt: KnownAttempt; remedy: Remedy; issue: undefined } | undefined {
  const attempt = ledger.live;
  if (attempt?.state !== 'issued') return undefined;
  const remedy = findRemedy({ scriptSha256: attempt.scriptSha256 });
  if (!('problem' in remedy)) return { attempt, remedy, issue: undefined };
  ledger.happen(attempt.attemptId, 'recalled', { code: remedy.problem });
  return undefined;
}

async function wordDecision(
  { onlineKey }: IntakeParts,
  { signer, message }: Asked,
  { choice, progress }: Decided,
  ids: { incidentId: string; attemptId: string | undefined },
): Promise<StoredDecision> {
  switch (choice.kind) {
    case 'order': {
      const { scriptSha256, approval } = choice.remedy;
      const order = await onlineKey.sealOrder({
        type: 'order',
        organization: signer.organizationId,
        deviceId: signer.deviceId,
        incidentId: ids.incidentId,
        attemptId: ids.attemptId!,
        episode: message.episode,
        nonce: message.nonce,
        scriptSha256,
        validForSeconds: orderValidForSeconds,
      });
      return { kind: 'remediate', order, approval, scriptSha256 };
    }
    case 'send-evidence':
      return {
        kind: 'send-evidence',
        evidence: [...choice.evidence],
        probes: [...choice.probes],
      };
    case 'wait':
    case 'stop':
      return waitDecision(choice.kind, choice.reason, progress.waits);
    default:
      return choice satisfies never;
  }
}
