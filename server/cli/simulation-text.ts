import type { Difference } from '../../shared/remediation/simulate/difference.ts';
import type { SimulatedLine, Simulation } from '../../shared/remediation/simulate/simulate-script.ts';
import { listSection, type Paint, timeOf } from './terminal.ts';

const marks = { held: 'yes', failed: 'no', unknown: '?' } as const;
const mostChanges = 256;

/** A simulation for a person: how it would end first, then what was asked, what would change, what is checked. */
export function renderSimulation(simulation: Simulation, where: string, paint: Paint): string[] {
  const { outcome, code, line, sentence, guards, steps, differences, proofs, reboot, tell, unknownPlaces } =
    simulation;
  const style = outcome === 'would-run' ? 'strong' : outcome === 'unknown' ? 'warn' : 'bad';
  const because = code === undefined ? '' : ` (line ${line}, ${code})`;
  return [
    paint(style, `${sentence}${because}`),
    paint('faint', `Tried on ${where}. Nothing was changed.`),
    ...listSection('Asks first', guards.map(rowOf)),
    ...listSection(
      'Does',
      steps.map(step => [
        `line ${step.line}`,
        step.sentence,
        outcome === 'would-run' ? count(step.changes) : '',
      ]),
    ),
    ...listSection('Would be different', differences.map(describe), mostChanges),
    ...listSection('Checks afterwards', proofs.map(rowOf)),
    ...listSection(
      'The recorded facts do not tell all of',
      unknownPlaces.map(place => [place]),
    ),
    ...(tell === undefined || differences.length === 0
      ? []
      : ['', `The person before the machine reads: "${tell}"`]),
    ...(reboot && differences.length > 0 ? ['', 'Then the machine restarts.'] : []),
  ];
}

const rowOf = ({ line, verdict, reason }: SimulatedLine) => [`line ${line}`, marks[verdict], reason];

const count = (changes: number) =>
  changes === 0 ? 'nothing fits' : changes === 1 ? '1 change' : `${changes} changes`;

function describe(difference: Difference): string[] {
  const line = `line ${difference.line}`;
  switch (difference.kind) {
    case 'file': {
      const { path, toPath, sizeBytes, writtenAt } = difference;
      const where = toPath === undefined ? 'to quarantine' : `to ${toPath}`;
      return [
        line,
        '-',
        path,
        `${where} (${sizeBytes} bytes, written ${timeOf(writtenAt.replace('.000Z', 'Z'))})`,
      ];
    }
    case 'registry-value': {
      const { hive, key, name, before = 'absent', after = 'absent' } = difference;
      return [line, '~', `${hive}\\${key}`, `${name || '(default)'}: ${before} → ${after}`];
    }
    case 'other':
      return [line, '!', difference.what];
    default:
      return difference satisfies never;
  }
}
