import { readNumber, readText } from '../read-value.ts';
import type { MessageAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

const longestText = 200;
const [fewestSeconds, mostSeconds, usualSeconds] = [5, 120, 20];

/** How long a message stands. */
export const secondsOf = ({ seconds }: MessageAction): number => seconds ?? usualSeconds;

export const showMessage: ActionDefinition<MessageAction> = {
  verb: 'message',
  form: 'message "…" [for N seconds]',
  example: 'message "Please leave the charger connected." for 30 seconds',
  class: 'reversible',
  meaning: 'shows a sentence on the recovery screen until its time is over or a key is pressed',
  clauses: [],
  undo: 'none is needed: nothing on the machine changes',
  verify: 'nothing: whether somebody read it is not known',
  traps: [
    `It stands for ${usualSeconds} seconds unless the line says ${fewestSeconds} to ${mostSeconds}; all messages of a script together have 5 minutes. Nobody has to press a key.`,
    'Lines before the first step that changes something are shown before anything changes, the others when everything is done and holds.',
    '`tell` is the sentence that stands on the screen while the repair runs; a message holds it up.',
  ],
  source: 'Bootmend: the recovery screen',
  windows: 'Windows 7 and later',
  changes: 'windows',
  read(cursor) {
    const text = readText(cursor, 'a sentence', longestText);
    if (text === undefined) return undefined;
    if (!cursor.peek()) return { verb: 'message', text };
    const seconds = cursor.expect('for') ? readNumber(cursor) : undefined;
    if (seconds === undefined) return undefined;
    const { span } = cursor.last()!;
    if (!cursor.expect('seconds')) return undefined;
    if (seconds < fewestSeconds || seconds > mostSeconds) {
      const why = `Nobody reads a message for ${seconds} seconds. Expected: ${fewestSeconds} to ${mostSeconds}.`;
      cursor.add('limit-out-of-range', span, why);
      return undefined;
    }
    return { verb: 'message', text, seconds };
  },
  print: ({ text, seconds }) => `message "${text}"${seconds === undefined ? '' : ` for ${seconds} seconds`}`,
  explain: action =>
    `Shows the person before the machine "${action.text}" for ${secondsOf(action)} seconds or until a key is pressed, and goes on.`,
  plan: (action, { volume }) => [
    {
      kind: 'show-message',
      path: volume.windowsDirectory,
      seconds: secondsOf(action),
      what: action.text,
    },
  ],
  prove: () => ({ verdict: 'held', reason: 'Nothing on the machine was to change.' }),
};
