import { printable } from '../../../shared/bytes/printable.ts';
import type { Gathered } from '../evidence/gather-evidence.ts';
import { reasons } from '../match.ts';
import type { Paint } from '../terminal.ts';
import type { CaseExplanation } from './explain-case.ts';

/** A case as a person reads it in ten seconds: who, what, what to do. */
export function renderCase(
  { suspect, weakerSuspects, happened, advice, result }: CaseExplanation,
  { files, passedOver }: Gathered,
  paint: Paint,
): string[] {
  const { module, confidence, because } = suspect;
  const [match] = result.matches;
  const [near] = result.nearMisses;
  const read = files.filter(file => !('problem' in file)).length;
  return [
    module === null
      ? paint('strong', `No driver is named: ${because}.`)
      : `${paint('bad', module)} is suspected (confidence ${confidence}): ${printable(because)}.`,
    ...weakerSuspects
      .slice(0, 3)
      .map(one => printable(`Less likely: ${one.module}, because ${one.because}.`)),
    ...(match
      ? [`${paint('strong', 'Known issue')}: ${match.rule.title} (${match.rule.id})`, ...reasons(match)]
      : []),
    ...(near && !match
      ? [
          `${paint('strong', 'Nearly a known issue')}: ${near.rule.title}. One condition does not hold:`,
          ...reasons(near),
        ]
      : []),
    ...(match || near ? [] : ['No known issue matches.']),
    '',
    paint('strong', 'What happened'),
    ...(happened.length === 0 ? ['  Nothing that was read tells of a failed start.'] : []),
    ...happened.flatMap(({ sentence, line, path }) => [
      `  ${printable(sentence)}`,
      paint('faint', `      ${line === null ? '' : `${line}  `}(${path})`),
    ]),
    '',
    paint('strong', 'What to try'),
    ...advice.map(step => `  ${printable(step)}`),
    '',
    `Files read: ${read}; others: ${passedOver}.`,
  ];
}
