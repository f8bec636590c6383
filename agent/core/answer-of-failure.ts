import type { ToolAnswer } from '../../shared/remediation/tools/tool-answer.ts';
import type { HostFailure } from '../host/host.ts';

/** What a failed call to start something means: only one that may have happened leaves open what was done. */
export const answerOfFailure = ({ kind, code, message }: HostFailure): ToolAnswer => ({
  kind: kind === 'ambiguous' ? 'unclear' : 'not-done',
  code,
  reason: message,
});
