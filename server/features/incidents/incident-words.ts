import type { IncidentState } from '../../../shared/api/incident.ts';
import { bugcheckName, explainBugcheck } from '../../../shared/crashdump/bugcheck.ts';
import { describeChanges } from './change-words.ts';
import type { ListedIncident, ReadAct, ReadAttempt, ReadIncident, ReadReport } from './incident-read.ts';

/** What is known about the approval of a script that is not running yet. */
export interface RemedyReadiness {
  readonly remediationId: string;
  readonly version: number;
  readonly title: string | undefined;
  readonly signed: number;
  readonly threshold: number;
}

/** What the sentences are made from. */
export interface IncidentFacts {
  readonly incident: ReadIncident;
  readonly reports: readonly ReadReport[];
  readonly attempts: readonly ReadAttempt[];
  readonly readiness: RemedyReadiness | undefined;
  readonly acts: readonly ReadAct[];
  /** What a person chose and the machine has not got yet. */
  readonly assigned: { readonly remediationId: string } | undefined;
}

const secondsBetween = (from: Date, to: Date) =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));

/** A stretch of time as people say it. */
export function spokenSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}

/** The verdict in one sentence: how the machine is, and whether somebody is needed. */
export function verdictOf({ incident, reports, readiness, acts, assigned }: IncidentFacts): string {
  const { deviceName: name, state } = incident;
  if (assigned) return `${name} is down. A person chose its repair; it gets it when it asks next.`;
  switch (state) {
    case 'open':
      return `${name} is down and called for help; the evidence is being read.`;
    case 'unexplained':
      return `${name} is down, and no known issue fits. Somebody must look at it.`;
    case 'matched':
      return `${name} is down. The cause is known; the machine asks again for its repair.`;
    case 'awaiting-person':
      return `${name} is down. ${needOf(reports, readiness)}`;
    case 'treating':
      return `${name} is down and is being healed now.`;
    case 'confirming':
      return `${name} was repaired and is restarting. It counts as healed once Windows reports in.`;
    case 'healed':
      return `${name} is healed: Windows started again ${upAgainAfter(incident)} after the machine called for help.`;
    case 'healed-by-hand': {
      const marked = acts.findLast(act => act.kind === 'marked-healed');
      if (marked)
        return `${name} was brought back by hand, as ${marked.actor.replace(/^account:/, '')} says.`;
      return `${name} is up again: Windows started ${upAgainAfter(incident)} after the machine called for help, without a repair of ours.`;
    }
    case 'given-up':
      return `${name} was given up: nothing more was heard of this story.`;
    default:
      return state satisfies never;
  }
}

const upAgainAfter = ({ openedAt, closedAt, changedAt }: ReadIncident) =>
  spokenSeconds(secondsBetween(openedAt, closedAt ?? changedAt));

/** What a machine waits for, by the reason it was last told. */
const needs: Readonly<Record<string, string>> = {
  'device-pending': 'It enrolled from an image: accept the device, then it is helped.',
  'attempt-stuck': 'A repair could not be finished or undone. Somebody must look at it.',
  'remedy-exhausted': 'Its repair was tried and did not help. Somebody must look at it.',
  'no-way-back': 'Its repair cannot be taken back, so it never goes out by itself. Somebody must decide.',
  'program-not-allowed':
    'Its repair runs a program that its own list does not allow. Allow it on the machine, or choose another repair.',
  'policy-never': 'This issue is never repaired automatically. Somebody must look at it.',
  'no-remedy': 'Its cause is known, but there is no repair for it yet.',
  'no-trust': 'No approvers are set up, so no repair may run. Publish the trust document.',
  'online-key-not-trusted': 'The trust document names another server key. Publish a new one.',
  'not-for-this-device': 'Its repair was approved for other devices only.',
  recalled: 'Its repair was recalled by an approver. Somebody must look at it.',
  expired: 'The approval of its repair has expired. It must be signed again.',
};

function needOf(reports: readonly ReadReport[], readiness: RemedyReadiness | undefined): string {
  const last = reports.findLast(report => report.kind === 'check-in');
  const need = needs[last?.decision.reason ?? ''];
  if (need !== undefined) return need;
  if (last?.decision.kind === 'remediate')
    return 'It was sent a repair and has been silent since. Somebody must look at it.';
  const missing = readiness ? readiness.threshold - readiness.signed : 0;
  if (missing <= 0) return 'Its repair waits for a person to decide.';
  return `Its repair is ready and waits for ${missing === 1 ? 'one signature' : `${missing} signatures`}.`;
}

/** What crashed, as the list shows it: code and name of the bugcheck. */
export function bugcheckOf({ crashCode }: ListedIncident): { code: string; name: string } | undefined {
  const name = crashCode === null ? null : bugcheckName(Number(crashCode));
  return crashCode === null ? undefined : { code: crashCode, name: name ?? 'unknown bugcheck' };
}

/** What crashed, in one plain sentence with the exact values beside it. */
export function explanationOf(incident: ReadIncident): string | undefined {
  const bugcheck = bugcheckOf(incident);
  if (!bugcheck) return incident.title === null ? undefined : `${incident.title}.`;
  const { crashModule, facts } = incident;
  const offset = facts['crash.offset'];
  const place = typeof offset === 'string' ? `${crashModule}+${offset}` : crashModule;
  const exact = `${bugcheck.code} ${bugcheck.name}${crashModule === null ? '' : ` in ${place}`}`;
  const sentence = explainBugcheck(bugcheck.code).replace(/\.$/, '');
  return `${incident.title === null ? '' : `${incident.title}: `}${sentence} (${exact}).`;
}

const over: readonly IncidentState[] = ['healed', 'healed-by-hand', 'given-up'];

/** What was or will be done, in one sentence. */
export function remedyOf({ incident, attempts, readiness }: IncidentFacts): string | undefined {
  const attempt = attempts.at(-1);
  const signed = readiness ? `${readiness.signed} of ${readiness.threshold} approvers` : undefined;
  if (attempt) {
    const changes = describeChanges(attempt.steps);
    if (changes) {
      const by = signed === undefined ? '' : `, by a script that ${signed} signed`;
      return `${changes.long}${by}.${endings[attempt.state] ?? ''}`;
    }
    const script = `The script ${attempt.remediationId}, version ${attempt.remediationVersion},`;
    return `${script} was ordered${attemptEnds[attempt.state] ?? ' and is being carried out.'}`;
  }
  if (!readiness || over.includes(incident.state)) return undefined;
  const title = readiness.title ?? `${readiness.remediationId}, version ${readiness.version}`;
  return `${title}: ${signed} have signed it.`;
}

/** How it went on after changes were made. */
const endings: Readonly<Record<string, string>> = {
  returned: ' Windows still did not start.',
  silent: ' Nothing was heard of the machine since.',
  undone: ' It was undone again.',
  stuck: ' It could be neither finished nor undone.',
};

const attemptEnds: Readonly<Record<string, string>> = {
  'not-applicable': ', but does not apply to this machine.',
  'nothing-to-do': ', but found nothing to do.',
  refused: ', but the machine refused it.',
  recalled: ', and taken back before it ran.',
  undone: ' and was undone again.',
  stuck: ', and could be neither finished nor undone.',
  silent: '; nothing was heard of the machine since.',
  returned: ', but the machine came back to recovery.',
  healed: ' and carried out.',
};

/** How we know that the machine is well; absent until Windows reported in. */
export function proofOf({ incident, attempts, acts }: IncidentFacts): string | undefined {
  const marked = acts.findLast(act => act.kind === 'marked-healed');
  if (marked)
    return `A person’s word${marked.note === null ? '' : `: ${marked.note}`}. Windows has not reported in.`;
  if (!over.includes(incident.state) || incident.state === 'given-up' || !incident.closedAt) return undefined;
  const healed = attempts.findLast(attempt => attempt.state === 'healed');
  const since = healed?.appliedAt
    ? `, ${spokenSeconds(secondsBetween(healed.appliedAt, incident.closedAt))} after the repair`
    : '';
  return `Windows started and reported in with the device’s own key${since}.`;
}
