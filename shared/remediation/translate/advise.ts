import { hasWildcard } from '../../facts/glob.ts';
import { definitionOfAction } from '../action-table.ts';
import { definitionOfCondition } from '../condition-table.ts';
import { singleConditionsOf } from '../checks/check.ts';
import { printPath } from '../phrases.ts';
import { unwrittenHash } from './commands/program.ts';
import { type Action, actionsOf, type Script } from '../syntax-tree.ts';

/** What an author should add before such a script runs on a fleet, and how it would be written. */
export interface Advice {
  readonly code:
    | 'title-and-risk'
    | 'guard-on-evidence'
    | 'guard-on-driver'
    | 'time-window'
    | 'limit'
    | 'filter-entries'
    | 'verify'
    | 'program-hash'
    | 'no-undo';
  readonly message: string;
  /** A line that would do. */
  readonly example: string;
  readonly line?: number;
}

/** The title of a script that nobody named yet. */
export const untitled = 'What it heals';

/** What is missing in a script that was made from pasted commands: its guards above all. */
export function advise(script: Script): readonly Advice[] {
  const actions = actionsOf(script);
  const advice: Advice[] = [];
  if (!script.about || script.about.title === untitled)
    advice.push({
      code: 'title-and-risk',
      message: 'Say what it heals and how risky it is: approvers read the title first.',
      example: `remediation "${untitled}"`,
    });
  const conditions = singleConditionsOf(script.guards);
  if (!conditions.some(condition => definitionOfCondition(condition).isEvidence))
    advice.push({
      code: 'guard-on-evidence',
      message:
        'Ask first whether this machine has the fault: without that it applies wherever its files are found.',
      example: guardLineFor(actions),
    });
  for (const action of actions) advice.push(...adviseOn(action, script));
  if (actions.some(isOneWay))
    advice.push({
      code: 'no-undo',
      message:
        'There is no way back from its last step: it needs high risk, and a guard that names exactly what is wrong.',
      example: 'risk high',
    });
  // Behind a step without a way back nothing can be undone, whatever is verified.
  if (script.proofs.length === 0 && !actions.some(isOneWay))
    advice.push({
      code: 'verify',
      message: 'Say what must be true at the end; if it is not, everything is undone.',
      example: verifyLineFor(actions[0]),
    });
  return advice;
}

function adviseOn(action: Action, script: Script): readonly Advice[] {
  const { line } = action;
  const found: Advice[] = [];
  if (action.verb === 'delete' && hasWildcard(action.path.name)) {
    if (!action.traits.written)
      found.push({
        code: 'time-window',
        line,
        message: `${action.path.name} fits good files too. Say when the bad ones were written.`,
        example: 'written from 2024-07-19 04:09 UTC until 2024-07-19 05:27 UTC',
      });
    if (action.limits.files === undefined)
      found.push({
        code: 'limit',
        line,
        message: 'Say how many files it can be; more refuses the whole plan.',
        example: 'at most 4 files',
      });
  }
  if (action.verb === 'disable' && action.subject === 'driver') {
    if (!action.removingFilterEntries)
      found.push({
        code: 'filter-entries',
        line,
        message: `If ${action.name} filters a device, disabled and still listed it stops Windows with 0x7B.`,
        example: 'removing filter entries',
      });
    const isAsked = singleConditionsOf(script.guards).some(
      one => one.kind === 'driver-version' && one.driver === action.name,
    );
    if (!isAsked)
      found.push({
        code: 'guard-on-driver',
        line,
        message: 'Ask for the version that is bad, so that a mended driver stays on.',
        example: `require driver ${action.name} version from 4.2.0 until 4.2.7`,
      });
  }
  if (action.verb === 'run' && action.sha256 === unwrittenHash)
    found.push({
      code: 'program-hash',
      line,
      message: `No device runs this yet: write the hash of ${action.path.name} in the place of the zeros.`,
      example: 'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    });
  return found;
}

const isOneWay = (action: Action) => definitionOfAction(action).class === 'one-way';

/** A guard on what the script itself names, as far as it names something that evidence can show. */
function guardLineFor(actions: readonly Action[]): string {
  for (const action of actions) {
    if (action.verb === 'disable' && action.subject === 'driver')
      return `require crash module is ${action.name}.sys`;
    if ((action.verb === 'delete' || action.verb === 'rename') && /^[\w.-]+\.sys$/i.test(action.path.name))
      return `require crash module is ${action.path.name}`;
  }
  return 'require crash module is contoso.sys';
}

function verifyLineFor(action: Action | undefined): string {
  if (action?.verb === 'disable') return `verify ${action.subject} ${action.name} is disabled`;
  if (action?.verb === 'delete') return `verify no file ${printPath(action.path)}`;
  return 'verify no file %SystemRoot%\\System32\\drivers\\contoso.sys';
}
