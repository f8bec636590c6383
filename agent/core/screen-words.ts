import type { Phase } from '../../shared/wire/story.ts';
import type { FileFailureCode } from '../host/host.ts';
import type { HandedOver } from './session.ts';

/** What the person in front of the machine reads in each phase: what happens, and that nothing is asked of them. */
export const screenWords: Readonly<Record<Phase, { readonly headline: string; readonly detail: string }>> = {
  'failed-boot': {
    headline: 'Windows did not start',
    detail: 'We are looking into it. Your files are safe.',
  },
  winre: { headline: 'Windows did not start', detail: 'We are looking into it. Your files are safe.' },
  orient: { headline: 'Getting ready', detail: 'Checking what was done before.' },
  'find-windows': { headline: 'Getting ready', detail: 'Looking for your Windows.' },
  collect: { headline: 'Finding the cause', detail: 'Reading why Windows stopped.' },
  network: { headline: 'Connecting', detail: 'Looking for your organization’s recovery service.' },
  'check-in': { headline: 'Asking for help', detail: 'Telling the recovery service what was found.' },
  evidence: { headline: 'Asking for help', detail: 'Sending the crash report that was asked for.' },
  verify: { headline: 'A repair was found', detail: 'Checking that your organization approved it.' },
  plan: { headline: 'A repair was found', detail: 'Working out what has to change.' },
  apply: { headline: 'Repairing', detail: 'Please leave the computer switched on.' },
  report: { headline: 'Repairing', detail: 'Telling the recovery service how it went.' },
  reboot: { headline: 'Done', detail: 'Windows is being started.' },
  'hand-over': { headline: 'Opening the recovery menu', detail: 'You can choose what to do next.' },
};

/** How far along each phase is, of the whole walk. */
export const progressOf: Readonly<Record<Phase, number>> = {
  'failed-boot': 0, winre: 1, 'find-windows': 2, orient: 3, collect: 4, network: 5, 'check-in': 6, evidence: 7,
  verify: 8, plan: 9, apply: 10, report: 11, reboot: 12, 'hand-over': 12,
}; // prettier-ignore

/** What keeps this machine from its recovery service, where a person can do something about it. */
export const unreachableWords = (code: string | undefined): string =>
  code === 'proxy-refused'
    ? 'The recovery service cannot be reached: the proxy does not let this computer through.'
    : code === 'proxy-unreachable'
      ? 'The recovery service cannot be reached, neither through the proxy nor directly.'
      : 'The recovery service cannot be reached.';

/** Ends whose own message is for whoever reads the log. */
const plainWords: Readonly<Record<string, string>> = {
  'agent-failed': 'The recovery agent itself failed; its log says where.',
  'disk-full': 'The disk of Windows is full, so nothing more can be done safely.',
  'access-denied': 'The disk of Windows takes no changes, so nothing more can be done.',
  'input-output': 'The disk of Windows is damaged and cannot be read or written as it must.',
  'volume-missing': 'The disk of Windows does not answer.',
  'in-use': 'A file that the recovery agent needs is held by another program.',
} satisfies Partial<Record<FileFailureCode | 'agent-failed', string>>;

/** Why the menu comes, for the person who sees it. */
export function handOverWords({ code, message }: HandedOver): string {
  return `${plainWords[code] ?? message} ${screenWords['hand-over'].detail}`;
}
