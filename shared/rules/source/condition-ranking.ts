import type { Facts, FactValue } from '../../facts/facts.ts';
import type { FactType } from '../../facts/fact-definition.ts';
import type { Verdict } from '../../facts/verdict.ts';
import { findDefinition } from '../../facts/vocabulary.ts';
import { compareAs } from '../comparable-value.ts';
import type { LeafCondition } from '../compiled-rule.ts';
import { decisionOf } from '../decision-table.ts';
import { type FactView, viewFacts } from '../fact-view.ts';
import { isOpenPlace } from '../probes.ts';
import { sayCondition } from '../say-condition.ts';
import type { ConditionSource } from './issue-schema.ts';

/** A condition that one failing machine fits, and how many machines of each side fit it. */
export interface Proposal {
  readonly source: ConditionSource;
  readonly sentence: string;
  readonly failing: number;
  readonly healthy: number;
  /** Machines that failed otherwise. */
  readonly others: number;
  /** Part of the rule that is proposed. */
  readonly isChosen: boolean;
}

const mostProposed = 24;
const mostChosen = 2;

/** Facts that tell of one start or of one machine, never of a bad update. */
const tellsNothing =
  /^(device\.name|boot\.|hive\.|setup\.|srt\.attempts|crash\.(capturedAt|uptime|offset|parameter))/;

/** Sides that a condition must not fit. */
export type OtherSide = 'healthy' | 'others';

interface Candidate extends Draft {
  readonly sentence: string;
  readonly rank: number;
  readonly decide: (view: FactView) => Verdict;
  readonly failing: number;
  readonly held: Record<OtherSide, number>;
}

/**
 * What the facts of one failing machine suggest as conditions of a rule, those first that split machines with the same
 * failure best from healthy ones and from those that failed otherwise; both sides weigh the same, however many each
 * has. The first machine is the one that the rule is made from; a fact that was not reported fits nothing.
 */
export class ConditionRanking {
  readonly #failing: number;
  readonly #candidates: readonly Candidate[];
  readonly #sizes: Record<OtherSide, number> = { healthy: 0, others: 0 };

  constructor(failing: readonly [Facts, ...Facts[]]) {
    const views = failing.map(viewFacts);
    this.#failing = failing.length;
    this.#candidates = Object.entries(failing[0]).flatMap(([name, value]) => {
      const draft = draftOf(name, value, failing);
      if (!draft) return [];
      const decide = decisionOf(draft.condition);
      return [
        {
          ...draft,
          sentence: sayCondition(draft.condition, false),
          rank: rankOf(name),
          decide,
          failing: views.filter(view => decide(view) === 'held').length,
          held: { healthy: 0, others: 0 },
        },
      ];
    });
  }

  /** Counts more machines of a side; a large side comes in batches. */
  add(side: OtherSide, machines: readonly Facts[]): void {
    this.#sizes[side] += machines.length;
    for (const view of machines.map(viewFacts))
      for (const one of this.#candidates) if (one.decide(view) === 'held') one.held[side]++;
  }

  /** Machines of a side so far. */
  size(side: OtherSide): number {
    return this.#sizes[side];
  }

  /** The best conditions, the best first. */
  rank(): Proposal[] {
    const splits = new Map(this.#candidates.map(one => [one, this.#splitOf(one)]));
    const best = [...this.#candidates]
      .sort(
        (a, b) => splits.get(b)! - splits.get(a)! || a.rank - b.rank || (a.sentence < b.sentence ? -1 : 1),
      )
      .slice(0, mostProposed);
    const chosen = choose(best, this.#failing);
    return best.map(one => ({
      source: one.source,
      sentence: one.sentence,
      failing: one.failing,
      ...one.held,
      isChosen: chosen.has(one),
    }));
  }

  #splitOf({ failing, held }: Candidate): number {
    const wrong = (['healthy', 'others'] as const)
      .filter(side => this.#sizes[side] > 0)
      .map(side => wilson(held[side], this.#sizes[side], 1));
    return (
      wilson(failing, this.#failing, -1) -
      (wrong.length > 0 ? wrong.reduce((sum, one) => sum + one, 0) / wrong.length : 1)
    );
  }
}

interface Draft {
  /** The driver, folder or fact it tells of: two conditions of one subject are not two independent facts. */
  readonly subject: string;
  readonly condition: LeafCondition;
  readonly source: ConditionSource;
}

function draftOf(name: string, value: FactValue, failing: readonly Facts[]): Draft | undefined {
  const definition = findDefinition(name);
  if (!definition || definition.privacy === 'person' || tellsNothing.test(name)) return undefined;
  if (definition.type === 'file') return typeof value === 'object' ? draftOfFile(name, failing) : undefined;
  if (typeof value === 'object') return undefined;
  const subject = subjectOf(name);
  if (definition.type === 'version') return draftOfVersion(name, subject, failing);
  if (!isTelling(definition.type)) return undefined;
  return {
    subject,
    condition: { kind: 'equals', fact: name, oneOf: [value] },
    source: { fact: name, equals: value },
  };
}

/** What a fact tells of: one crash, one driver, Windows itself. */
const subjectOf = (name: string) =>
  /^(?:driver|service)\.(.+)\.[^.]+$/.exec(name)?.[1] ?? (/^(crash|os|srt)\./.exec(name)?.[1] || name);

/** Of conditions that split alike, the one that says most about a cause goes first. */
function rankOf(name: string): number {
  const order = [
    /^driver\..*\.version$/,
    /^file\./,
    /^crash\.module$/,
    /^update\./,
    /^driver\./,
    /^crash\.signature$/,
  ];
  const rank = order.findIndex(one => one.test(name));
  if (rank >= 0) return rank;
  return name.startsWith('os.') ? order.length + 1 : order.length;
}

const isTelling = (type: FactType) =>
  type === 'text' || type === 'hex64' || type === 'flag' || type === 'number';

/** From the oldest version that fails up to and with the newest one. */
function draftOfVersion(fact: string, subject: string, failing: readonly Facts[]): Draft | undefined {
  const versions = failing
    .map(facts => facts[fact])
    .filter(one => typeof one === 'string')
    .toSorted(compareAs('version'));
  const [from, newest] = [versions[0], versions.at(-1)];
  if (from === undefined || newest === undefined) return undefined;
  const until = versionAfter(newest);
  return {
    subject,
    condition: { kind: 'version', fact, range: { from, until } },
    source: { fact, from, until },
  };
}

/** The first version that is newer in its last part. */
function versionAfter(version: string): string {
  const parts = version.split('.').map(Number);
  while (parts.length < 4) parts.push(0);
  return [...parts.slice(0, 3), parts[3]! + 1].join('.');
}

function draftOfFile(name: string, failing: readonly Facts[]): Draft | undefined {
  const path = name.slice('file.'.length);
  if (!isOpenPlace(path)) return undefined;
  const hashes = new Set<string>();
  for (const facts of failing) {
    const file = facts[name];
    if (typeof file === 'object' && 'sizeBytes' in file && file.sha256 !== undefined) hashes.add(file.sha256);
  }
  const sha256 = hashes.size > 0 && hashes.size <= 8 ? { sha256: [...hashes].sort() } : {};
  return {
    subject: path.slice(0, path.lastIndexOf('\\')),
    condition: { kind: 'file', path, ...sha256 },
    source: { file: path, ...sha256 },
  };
}

/** The best that most failing machines fit, each of another subject; the file beside a driver says the same as it. */
function choose<One extends Pick<Candidate, 'subject' | 'failing'>>(
  best: readonly One[],
  failing: number,
): ReadonlySet<One> {
  const chosen = new Map<string, One>();
  for (const one of best)
    if (chosen.size < mostChosen && one.failing * 10 >= failing * 9 && !chosen.has(one.subject))
      chosen.set(one.subject, one);
  return new Set(chosen.values());
}

/** Ends of the Wilson score interval at 95 %: few machines prove little. */
const z = 1.96;

function wilson(held: number, of: number, sign: 1 | -1): number {
  const share = held / of;
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return (share + (z * z) / (2 * of) + sign * spread) / (1 + (z * z) / of);
}
