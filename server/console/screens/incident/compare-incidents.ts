import type { EvidenceView, IncidentDetail } from '../../../../shared/api/incident.ts';
import { findBootLog, findCrash } from '../../api/readings.ts';
import { sizeText } from '../../words/amounts.ts';
import { type Comparison, compareTexts } from '../../words/compare-texts.ts';
import { evidenceWord } from '../../words/evidence.ts';
import { factText } from '../../words/fact-text.ts';

export interface ComparedGroup {
  readonly name: string;
  readonly comparison: Comparison;
}

type Texts = ReadonlyMap<string, string>;

/** Two machines side by side: facts, drivers in the crash, drivers in the boot log, files. */
export function compareIncidents(here: IncidentDetail, there: IncidentDetail): ComparedGroup[] {
  const group = (name: string, of: (detail: IncidentDetail) => Texts) => ({
    name,
    comparison: compareTexts(of(here), of(there)),
  });
  const groups = [group('Facts', factsOf)];
  // A list that only one side has is no difference between machines.
  if ([here, there].every(detail => modulesOf(detail).size > 0))
    groups.push(group('Drivers in the crash', modulesOf));
  if ([here, there].every(detail => bootDriversOf(detail).size > 0))
    groups.push(group('Drivers in the boot log', bootDriversOf));
  return [...groups, group('Files', filesOf)];
}

/**
 * A machine that fails beside a healthy one: only the facts, and of those only what both can tell. A healthy one has no
 * crash and no log of a failure, so what it does not tell of them is no difference.
 */
export function compareWithHealthy(
  here: IncidentDetail,
  startedWith: Readonly<Record<string, unknown>>,
): ComparedGroup[] {
  const told = Object.entries(here.facts).filter(([name]) => !tellsOfFailure.test(name));
  return [
    {
      name: 'Facts',
      comparison: compareTexts(factsOf({ facts: Object.fromEntries(told) }), factsOf({ facts: startedWith })),
    },
  ];
}

const tellsOfFailure =
  /^(device\.name|crash\.(?!autoReboot|dump)|boot\.(?!pendingRenames)|bootlog\.|srt\.|eventlog\.)/;

const factsOf = ({ facts }: Pick<IncidentDetail, 'facts'>): Texts =>
  new Map(Object.entries(facts).map(([name, value]) => [name, factText(value)]));

function modulesOf({ evidence }: IncidentDetail): Texts {
  const modules = findCrash(evidence)?.content.modules ?? [];
  return new Map(
    modules.map(({ name, sizeBytes, timeDateStamp, checkSum }) => [
      name.toLowerCase(),
      `${sizeText(sizeBytes)}, build ${timeDateStamp} ${checkSum}`,
    ]),
  );
}

/** How the last start in the log went, driver by driver. */
function bootDriversOf({ evidence }: IncidentDetail): Texts {
  const boot = findBootLog(evidence)?.content.boots.at(-1);
  return new Map([
    ...(boot?.notLoaded ?? []).map(({ name }) => [name.toLowerCase(), 'not loaded'] as const),
    ...(boot?.loaded ?? []).map(({ name }) => [name.toLowerCase(), 'loaded'] as const),
  ]);
}

const filesOf = ({ evidence }: IncidentDetail): Texts => new Map(evidence.map(fileOf));

const fileOf = ({ kind, name, sizeBytes, sha256 }: EvidenceView): [string, string] => [
  `${evidenceWord(kind)}, ${name}`,
  `${sizeText(sizeBytes)}, SHA-256 ${sha256.slice(0, 12)}…`,
];
