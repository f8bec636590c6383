import type { KnownIssueRow, RuleTrial } from '../../../shared/api/known-issue.ts';
import { counted } from './amounts.ts';

/** Whether machines are matched with a known issue. */
export type IssueStanding = 'in-force' | 'draft' | 'withdrawn';

export const standings: Readonly<Record<IssueStanding, { readonly word: string; readonly meaning: string }>> =
  {
    'in-force': { word: 'In force', meaning: 'Machines that call for help are matched with it' },
    draft: { word: 'Draft', meaning: 'No machine is matched with it before somebody publishes it' },
    withdrawn: { word: 'Withdrawn', meaning: 'No machine is matched with it any more' },
  };

export function standingOf({ inForce, newestState }: KnownIssueRow): IssueStanding {
  if (inForce !== undefined) return 'in-force';
  return newestState === 'withdrawn' ? 'withdrawn' : 'draft';
}

export const policyWords = {
  automatic: 'heals by itself once approved',
  ask: 'asks a person first',
  never: 'only tells a person',
} as const;

/** What the page of known issues says first. */
export function booksVerdict(issues: readonly KnownIssueRow[]): string {
  const inForce = issues.filter(one => one.inForce !== undefined);
  const down = inForce.reduce((sum, one) => sum + one.machinesDown, 0);
  const know =
    inForce.length === 1 ? 'One known issue is in force.' : `${inForce.length} known issues are in force.`;
  return down === 0
    ? `${know} No machine has one of them now.`
    : `${know} ${counted(down, 'machine')} ${down === 1 ? 'has' : 'have'} one of them now.`;
}

const count = (amount: number) => amount.toLocaleString('en');

/** What a rule came to on stored incidents, in one sentence. */
export function trialVerdict({ incidents, matched, nearMisses, unknown }: RuleTrial, which: string): string {
  if (incidents === 0) return 'No incident is stored yet, so there is no failure to try it on.';
  const fits = matched === 0 ? 'It fits none' : `It fits ${count(matched)}`;
  const rest = [
    nearMisses > 0 ? `${count(nearMisses)} nearly` : '',
    unknown > 0 ? `${count(unknown)} cannot be told` : '',
  ].filter(text => text !== '');
  return `${fits} of ${which} ${count(incidents)} incidents${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.`;
}

/** Whether a rule leaves healthy machines alone, in one sentence; `isWarning` when it does not. */
export function healthyVerdict({ devices, matched }: RuleTrial['healthy']): {
  readonly text: string;
  readonly isWarning: boolean;
} {
  if (devices === 0)
    return {
      text: 'No healthy machine has told yet what it came up with, so nothing says whether it hits one.',
      isWarning: false,
    };
  const machines = `${count(devices)} healthy ${devices === 1 ? 'machine' : 'machines'}`;
  return matched === 0
    ? { text: `It hits none of ${machines}.`, isWarning: false }
    : {
        text: `It hits ${count(matched)} of ${machines}: too wide. Ask for something that only failing ones have.`,
        isWarning: true,
      };
}
