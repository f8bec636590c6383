import type { Facts } from '../../shared/facts/facts.ts';
import { actionTable } from '../../shared/remediation/action-table.ts';
import { isNotice, messagesOf } from '../../shared/remediation/notices.ts';
import type { MessageNotice, PlannedStep, PlanResult } from '../../shared/remediation/plan.ts';
import { planScript } from '../../shared/remediation/plan-script.ts';
import type { Script } from '../../shared/remediation/syntax-tree.ts';
import { verifyPlan } from '../../shared/remediation/verify-plan.ts';
import type { Decision } from '../../shared/wire/answer.ts';
import type { StartReason } from '../host/host.ts';
import { applyChanges, type PlannedMove, planHibernation } from './apply-changes.ts';
import type { DeviceMemory } from './device-memory.ts';
import { listDriversAskedFor } from './drivers-asked-for.ts';
import type { FoundWindows } from './found-windows.ts';
import { findJournal } from './journal.ts';
import { type GoodScript, judgeOrder, type OrderFrame } from './judge-order.ts';
import { endOf, type OrderEnd, stepsOf } from './order-end.ts';
import { findPowerProblem } from './power.ts';
import type { PlannedRun } from './run-tool.ts';
import type { Session } from './session.ts';
import { findToolObstacle } from './tool-obstacle.ts';
import { joinPath } from './windows-path.ts';

export interface CarriedOut {
  /** Absent when the order was so broken that not even its attempt can be named. */
  readonly end?: OrderEnd;
  readonly code: string;
  readonly message: string;
  /** Whether the script ends with a restart. */
  readonly reboot: boolean;
}

/** Verifies an order and carries out its script. The state is durable before and after. */
export async function carryOutOrder(
  session: Session,
  windows: FoundWindows,
  memory: DeviceMemory,
  frame: OrderFrame,
  decision: Extract<Decision, { readonly kind: 'remediate' }>,
): Promise<CarriedOut> {
  session.enter('verify');
  const judged = judgeOrder(session.host, memory, frame, decision);
  if (!judged.ok) {
    const { attemptId: claimed, code, message } = judged;
    session.log('warn', 'order-refused', message, { code });
    return claimed === undefined
      ? { code, message, reboot: false }
      : ended(endOf(claimed, 'refused', judged, []));
  }
  return carryOutScript(session, windows, memory, frame, { ...judged, attemptId: judged.attemptId });
}

/** What a plan is made for: where the run stands, and what is known of the machine. */
export type ScriptFrame = Pick<OrderFrame, 'episode' | 'facts' | 'readDriver' | 'reason'>;

/** Plans an approved script, applies the plan and verifies the end. */
export async function carryOutScript(
  session: Session,
  windows: FoundWindows,
  memory: DeviceMemory,
  frame: ScriptFrame,
  { attemptId, approval, script, text, scriptSha256 }: GoodScript & { readonly attemptId: string },
): Promise<CarriedOut> {
  session.log('info', 'order-verified', 'Approvers of this organization signed exactly this script.', {
    remediation: approval.remediationId,
    version: approval.version,
    attemptId,
  });
  if (findJournal(session.host, windows.root, attemptId)) {
    const why = { code: 'attempt-already-made', message: 'This attempt was made before.' };
    return ended(endOf(attemptId, 'refused', why, []));
  }
  memory.saveObeyed(approval.remediationId, approval.sequence, approval.approvedAt);

  session.enter('plan');
  const asked = listDriversAskedFor(script).map(frame.readDriver);
  const facts: Facts = Object.assign({}, frame.facts, ...asked);
  const plan = planScript(script, windows, facts);
  if (plan.kind !== 'plan') {
    const { code, reason, line } = plan;
    session.log('info', `plan-${plan.kind}`, reason, { code, line });
    return ended(endOf(attemptId, plan.kind, { code, message: reason, line }, []));
  }
  const classes = plan.steps.map(({ action }) => actionTable[action].class);
  const lowPower = findPowerProblem(session.host.machine.readPower(), classes);
  if (lowPower) {
    session.log('warn', lowPower.code, lowPower.message);
    return ended(endOf(attemptId, 'refused', lowPower, []));
  }
  const standing = { attemptId, script, text, scriptSha256, plan };
  return applyPlan(session, windows, memory, { ...frame, facts }, standing);
}

interface StandingPlan {
  readonly attemptId: string;
  readonly script: Script;
  readonly text: string;
  readonly scriptSha256: string;
  readonly plan: Extract<PlanResult, { readonly kind: 'plan' }>;
}

async function applyPlan(
  session: Session,
  windows: FoundWindows,
  memory: DeviceMemory,
  { episode, facts, reason }: ScriptFrame,
  { attemptId, script, text, scriptSha256, plan }: StandingPlan,
): Promise<CarriedOut> {
  const { host } = session;
  const { reboot, steps } = plan;
  const runs = runsOf(steps);
  const obstacle = findToolObstacle(host, windows, runs);
  if (obstacle) {
    session.log('info', 'plan-refused', obstacle.message, { code: obstacle.code, line: obstacle.line });
    return ended(endOf(attemptId, 'refused', obstacle, []));
  }
  const hibernation = planHibernation(host, windows);
  const moves: PlannedMove[] = [...(hibernation ? [hibernation] : []), ...movesOf(steps)];
  session.enter('apply');
  const messages = messagesOf(steps);
  await showMessages(session, messages.before);
  if (plan.tell !== undefined) session.show(plan.tell);
  const attempt = { attemptId, reboot, rebootsAsked: 0, ...countersOf(reason) };
  const made = { ...episode, attemptsMade: episode.attemptsMade + 1 };
  memory.saveEpisode({ ...made, attempt: { ...attempt, state: 'applying' } });

  const name = { attemptId, episode: episode.episode, scriptSha256 };
  const result = await applyChanges(host, windows, {
    name,
    script: text,
    moves,
    runs,
    verify: () => findBrokenProof(script, windows, facts, steps),
    onPercent: percent => session.show(`${plan.tell ?? 'A tool of Windows is at work.'} ${percent} %`),
  });
  for (const { action, from } of result.intents)
    session.log('info', `change-${result.state}`, `${action} ${from}`, {
      action,
      path: joinPath(windows.root, from.slice(1)),
    });
  if (result.state !== 'applied')
    session.log('warn', 'attempt-failed', result.message, { code: result.code });
  const kept = result.state === 'applied' ? {} : { code: result.code };
  memory.saveEpisode({ ...made, attempt: { ...attempt, ...kept, state: result.state } });
  if (result.state === 'applied') await showMessages(session, messages.after);

  const why = result.state === 'applied' ? undefined : result;
  return ended(endOf(attemptId, result.state, why, stepsOf(windows, steps, result)), reboot);
}

/** Shows each message until its time is over or a key says that it was read. The repair goes on either way. */
async function showMessages(session: Session, messages: readonly MessageNotice[]): Promise<void> {
  for (const { what, seconds } of messages) {
    session.log('info', 'message-shown', what, { seconds });
    session.show(`${what} This goes on by itself in ${seconds} seconds, or when you press a key.`);
    await session.host.clock.wait(seconds * 1000);
  }
}

/** The tools in their order, after all changes that can be taken back. */
const runsOf = (steps: readonly PlannedStep[]): readonly PlannedRun[] =>
  steps.flatMap(({ line, changes }) =>
    changes.flatMap(change => (change.kind === 'run-tool' ? [{ line, ...change }] : [])),
  );

/** The changes in their order; all edits of one hive are one move, at the place of the first. */
function movesOf(steps: readonly PlannedStep[]): readonly PlannedMove[] {
  const changes = steps.flatMap(step => step.changes.map(change => ({ line: step.line, ...change })));
  const hives = new Set<string>();
  return changes.flatMap((change): PlannedMove[] => {
    if (change.kind === 'run-tool' || isNotice(change)) return [];
    if (change.kind !== 'edit-registry' && change.kind !== 'swap-hive') {
      if (change.kind === 'copy') return [{ ...change, action: change.kind }];
      const { kind, ...file } = change;
      return [{ ...file, action: kind }];
    }
    if (hives.has(change.hive)) return [];
    hives.add(change.hive);
    const { line, path, sizeBytes, writtenAtMs } = change;
    const edits = changes.flatMap(one =>
      one.kind === 'edit-registry' && one.hive === change.hive
        ? [{ line: one.line, what: one.what, edit: one.edit }]
        : [],
    );
    const swap = changes.find(one => one.kind === 'swap-hive' && one.hive === change.hive);
    return [
      {
        action: 'edit-hive',
        line,
        path,
        sizeBytes,
        writtenAtMs,
        edits,
        ...(swap?.kind === 'swap-hive' && { swap }),
      },
    ];
  });
}

const countersOf = ({ failedStarts, lastFailedAtMs }: StartReason) => ({
  ...(failedStarts === undefined ? {} : { failedStarts }),
  ...(lastFailedAtMs === undefined ? {} : { lastFailedAtMs }),
});

/** The first promise of the script that is not true, or not known, on the volume as it is now. */
function findBrokenProof(script: Script, windows: FoundWindows, facts: Facts, steps: readonly PlannedStep[]) {
  const proof = verifyPlan(script, windows, facts, steps);
  if (proof.verdict === 'held') return undefined;
  const broken = proof.findings.find(one => one.verdict !== 'held');
  const code = proof.verdict === 'failed' ? 'verify-failed' : 'verify-unknown';
  return { code, message: broken?.reason ?? 'The script’s promise does not hold.', line: broken?.line ?? 1 };
}

const ended = (end: OrderEnd, reboot = false): CarriedOut => ({
  end,
  code: end.code ?? end.state,
  message: end.reason ?? end.state,
  reboot,
});
