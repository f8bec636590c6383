import type { KeyRequestRow, RecoveryKeyRow } from '../../../shared/api/recovery-key.ts';
import { spoken } from './verdict.ts';

type Finding = 'yes' | 'no' | 'unknown';
type Words = { readonly finding: Finding; readonly word: string };

/** How each request of a locked machine stands. */
export const requestWords: Readonly<Record<KeyRequestRow['state'], Words>> = {
  waiting: { finding: 'unknown', word: 'waits' },
  left: { finding: 'no', word: 'left without an answer' },
  released: { finding: 'unknown', word: 'released, end not told' },
  refused: { finding: 'no', word: 'refused' },
  opened: { finding: 'yes', word: 'released and opened' },
  'not-opened': { finding: 'no', word: 'released, did not open' },
};

/** Whether the machine that asks is the one that enrolled, by what its firmware says. */
export const sameMachineWords: Readonly<Record<KeyRequestRow['sameMachine'], Words>> = {
  yes: { finding: 'yes', word: 'firmware agrees' },
  no: { finding: 'no', word: 'firmware of another machine' },
  unknown: { finding: 'unknown', word: 'firmware not told' },
};

export const keyStateWords: Readonly<Record<RecoveryKeyRow['state'], string>> = {
  kept: 'kept',
  'rotate-it': 'released: make a new one',
  replaced: 'replaced by a newer one',
};

/** The server lists so many keys and no more. */
const mostListed = 1000;

/** What the page of recovery keys says first. */
export function keysVerdict(waiting: number, toRenew: number, kept: number): string {
  const asks =
    waiting === 0
      ? 'No machine asks for its recovery key.'
      : waiting === 1
        ? 'One locked machine asks for its recovery key.'
        : `${spoken(waiting)} locked machines ask for their recovery keys.`;
  if (toRenew > 0)
    return `${asks} ${spoken(toRenew)} ${toRenew === 1 ? 'key was released and has' : 'keys were released and have'} to be made anew.`;
  if (kept === 0) return 'No recovery key is kept here.';
  const most = kept >= mostListed ? ' or more' : '';
  return `${asks} ${spoken(kept)}${most} ${kept === 1 ? 'key is' : 'keys are'} kept.`;
}
