import { type Fieldtest, fieldSteps, type FieldtestResult } from './run-fieldtest.ts';
import type { Verdict } from './field-step.ts';

/** The console of WinRE is 80 cells wide, and a line that fills it breaks. */
const mostCells = 79;
const marks: Readonly<Record<Verdict, string>> = {
  holds: 'ok',
  fails: 'FAILS',
  seen: 'look',
  'not-tried': '-',
};
const markCells = 7;

/** What a person reads before anything runs. */
export const fieldtestHead: readonly string[] = [
  `Bootmend field test: ${fieldSteps.length} things that only a real Windows can show.`,
  'It changes nothing and sends nothing of the machine. It takes up to 3 minutes.',
  'ok: so it is here. look: seen, for somebody to compare. FAILS: not so here.',
  '',
];

/** One result: the claim and what was found, on one line where they fit. */
export function linesOfResult({ result, claim, summary }: FieldtestResult): readonly string[] {
  const mark = `  ${marks[result].padEnd(markCells)}`;
  const whole = `${mark}${claim}: ${summary}`;
  if (whole.length <= mostCells) return [whole];
  const indent = ' '.repeat(mark.length);
  return [`${mark}${claim}:`, ...wrap(summary, mostCells - mark.length).map(line => `${indent}${line}`)];
}

/** What a person does with it. */
export function fieldtestEnd({ results }: Fieldtest): readonly string[] {
  const count = (verdict: Verdict) => results.filter(one => one.result === verdict).length;
  const tookMs = results.reduce((sum, one) => sum + one.tookMs, 0);
  const failing = results.filter(one => one.result === 'fails').map(one => one.step);
  return [
    '',
    `Done in ${Math.round(tookMs / 1000)} s: ${count('holds')} hold, ${count('fails')} fail, ${count('seen')} to look at, ${count('not-tried')} not tried.`,
    ...(failing.length > 0 ? wrap(`Failed: ${failing.join(', ')}.`, mostCells) : []),
    'Please send the whole of it to the project; it names nobody and holds no key:',
    '  bootmend fieldtest --json > D:\\fieldtest.json',
  ];
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
