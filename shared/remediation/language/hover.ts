import { findPlace } from '../../facts/place.ts';
import { actionDefinitions } from '../action-table.ts';
import { conditionDefinitions } from '../condition-table.ts';
import type { Span } from '../diagnostic.ts';
import { clauseForms } from '../read-clauses.ts';
import { contextAt } from './line-context.ts';

/** What a word means, for the person who points at it. */
export interface Hover {
  readonly span: Span;
  /** How it is written. */
  readonly form: string;
  readonly paragraphs: readonly string[];
  readonly example?: string;
}

const words: Readonly<Record<string, readonly [form: string, meaning: string]>> = {
  remediation: ['remediation "TITLE"', 'Says what the script heals. Approvers read it first.'],
  risk: ['risk (low|medium|high)', 'Medium and high risk need a guard on evidence; high risk needs a signature made outside the server.'],
  source: ['source https://…', 'Where the remedy was published.'],
  tell: ['tell "…"', 'What the person before the machine reads while the script runs.'],
  require: ['require CONDITION', 'The script applies only where this is known to hold. False or unknown: nothing is done.'],
  verify: ['verify CONDITION', 'What must be true when everything is done. If it is not, everything is undone.'],
  in: ['in FOLDER', 'The lines below, indented by two spaces, work in this folder.'],
  reboot: ['reboot', 'Restarts the machine when everything is done. Healed means that Windows started again.'],
  any: ['any of', 'One of the lines below holds.'],
  all: ['all of', 'All of the lines below hold.'],
  none: ['none of', 'None of the lines below holds; one that is unknown leaves it unknown.'],
}; // prettier-ignore

/** What the word at an offset means; undefined where nothing is to be said. */
export function hoverAt(text: string, offset: number): Hover | undefined {
  const { tokens, isComment, parents } = contextAt(text, offset);
  const at = tokens.findIndex(
    token => token.span.start <= offset && offset <= token.span.end && token.kind !== 'comma',
  );
  const token = tokens[at];
  if (isComment || !token || token.kind !== 'word') return undefined;
  const { span, value } = token;
  const first = tokens[0]!.value;
  const place = findPlace(value.split('\\')[0]!);
  if (place)
    return {
      span,
      form: place,
      paragraphs: ['A place of the Windows that was found, whatever letter its drive has in recovery.'],
    };
  const action = findAction(
    tokens.map(one => one.value),
    at,
  );
  if (action)
    return {
      span,
      form: action.form,
      paragraphs: [
        `${sentence(action.meaning)} (${action.class})`,
        `Undo: ${action.undo}.`,
        `Verified by itself: ${action.verify}.`,
        `Fits: ${action.windows}.`,
        ...action.traps,
        `Source: ${action.source}.`,
      ],
      example: action.example,
    };
  const isCondition =
    first === 'require' ||
    first === 'verify' ||
    parents.some(one => one[0] === 'require' || one[0] === 'verify');
  const known = words[value];
  if (known && (at === 0 || value === 'any' || value === 'all' || value === 'none'))
    return { span, form: known[0], paragraphs: [known[1]] };
  if (isCondition) {
    const said = tokens
      .map(one => one.value)
      .join(' ')
      .replace(/^(require|verify) /, '');
    const condition =
      conditionDefinitions.find(
        one =>
          one.openings.some(opening => said.startsWith(opening)) &&
          (!one.relation || tokens[(one.relationAt ?? 1) + 2]?.value === one.relation),
      ) ?? conditionDefinitions.find(one => one.openings.some(opening => said.startsWith(opening)));
    if (condition && condition.openings.some(opening => opening.split(' ').includes(value)))
      return {
        span,
        form: condition.form,
        paragraphs: [sentence(condition.meaning), `Known from: ${condition.evidence}.`],
        example: condition.example,
      };
  }
  const clause = Object.values(clauseForms).find(form => form.split(' ')[0] === value);
  return clause === undefined
    ? undefined
    : { span, form: clause, paragraphs: [clauseMeanings[value] ?? 'A clause of the line.'] };
}

/** The action with the longest verb that the line starts with, when the word at this place belongs to it. */
function findAction(line: readonly string[], at: number) {
  const [longest] = actionDefinitions
    .map(definition => ({ definition, said: definition.verb.split(' ') }))
    .filter(({ said }) => said.every((word, index) => line[index] === word))
    .toSorted((a, b) => b.said.length - a.said.length);
  return longest && at < longest.said.length ? longest.definition : undefined;
}

const clauseMeanings: Readonly<Record<string, string>> = {
  written: 'When the file was written last. Ranges are half-open: the second instant does not belong to it.',
  size: 'How large the file is. Ranges are half-open.',
  version: 'File version of its version resource. Ranges are half-open.',
  sha256: 'Hash of the whole file.',
  at: 'A limit: more than this refuses the whole plan.',
  removing:
    'Takes the driver out of the filter lists of all devices first; listed and disabled it would stop Windows.',
  replacing: 'What lies at the new path goes into quarantine first.',
  including: 'The explicit word for files that come with Windows or say that they are from Microsoft.',
  accepting: 'The explicit word for a consequence that cannot be taken back.',
};

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
