import type { Facts, FactValue } from '../../shared/facts/facts.ts';
import { type CompiledRule, type Condition, confidences } from '../../shared/rules/compiled-rule.ts';

/** A catalogue and reports of machines as a fleet would send them; equal seeds give equal ones. */
export interface Fleet {
  readonly rules: readonly CompiledRule[];
  readonly reports: readonly Facts[];
}

interface Product {
  readonly driver: string;
  readonly folder: string;
  readonly content: string;
  /** Release trains of each major version. */
  readonly trains: number;
}

const codes = ['0x50', '0x7e', '0xd1', '0x3b', '0x133', '0x139', '0x1e', '0xa', '0x7b', '0xef'];
const builds = [19_044, 19_045, 22_000, 22_621, 22_631, 26_100, 26_200];
const day = 86_400_000;
const firstDay = Date.UTC(2020, 0, 1);

/** So many reports are matched in turn. */
export const reportCount = 500;

/**
 * Some products are on nearly every machine and have most of the incidents; most are rare. A larger catalogue looks
 * further back: it has more products, and more releases of each, so that a machine shows about as many known issues.
 */
export function buildFleet(ruleCount: number, reportCount: number, seed = 1): Fleet {
  const draw = new Draw(seed);
  const trains = Math.max(20, Math.round(ruleCount / 500));
  const products = Array.from({ length: Math.max(20, Math.round(ruleCount / 10)) }, (_, index): Product => {
    const name = `${draw.pick(['fal', 'sen', 'net', 'sec', 'vpn', 'gfx', 'aud', 'stor'])}${index.toString(36)}`;
    return {
      driver: name,
      folder: String.raw`%SystemRoot%\System32\drivers` + `\\${name}`,
      content: draw.pick(['content-', 'C-', 'def', 'update_']),
      trains,
    };
  });
  const rules = Array.from({ length: ruleCount }, (_, index): CompiledRule => ({
    id: `issue-${index}`,
    title: `Issue ${index}`,
    priority: draw.below(10) * 100,
    confidence: draw.pick(confidences),
    when: { kind: 'all', conditions: conditionsOf(products[draw.rank(products.length)]!, draw) },
  }));
  return { rules, reports: Array.from({ length: reportCount }, () => reportOf(products, draw)) };
}

function conditionsOf(product: Product, draw: Draw): readonly Condition[] {
  const { driver, folder, content } = product;
  const version = versionCondition(product, draw);
  const code: Condition = { kind: 'equals', fact: 'crash.code', oneOf: draw.some(codes, 2) };
  const module: Condition = { kind: 'equals', fact: 'crash.module', oneOf: [`${driver}.sys`] };
  const from = draw.below(2500);
  const until = at(from + 1 + draw.below(2));
  switch (draw.weighted([8, 4, 3, 2, 1, 1, 1])) {
    case 0: {
      const path = `${folder}\\${content}${draw.below(400)}*.dat`;
      return [
        version,
        { kind: 'file', path, written: { from: at(from), until } },
        { kind: 'not', condition: { kind: 'file', path, written: { from: until } } },
      ];
    }
    case 1:
      return [version, code, module];
    case 2:
      return [buildCondition(draw), revisionCondition(draw), code, module];
    case 3:
      return [
        { kind: 'glob', fact: 'device.model', pattern: `${draw.pick(makers)}*` },
        version,
        buildCondition(draw),
      ];
    case 4:
      return [
        { kind: 'pattern', fact: 'bootlog.lastLoaded', pattern: `^${driver}(64)?\\.sys$` },
        version,
        { kind: 'instant', fact: 'boot.lastFailedAt', range: { from: at(from) } },
      ];
    case 5:
      return [
        { kind: 'any', conditions: [module, { kind: 'glob', fact: 'bootlog.lastLoaded', pattern: `${driver}*` }] },
        { kind: 'not', condition: { kind: 'equals', fact: 'os.architecture', oneOf: ['arm64'] } },
        version,
      ]; // prettier-ignore
    default:
      return [
        { kind: 'file', path: `${folder}\\${driver}.sys`, sizeBytes: { from: 1000, until: 400_000 } },
        { kind: 'hex', fact: 'crash.offset', range: { from: '0x1000', until: '0x90000' } },
        version,
      ];
  }
}

const makers = ['Dell', 'HP', 'Lenovo', 'Acer', 'Microsoft', 'Fujitsu'];
const at = (days: number) => new Date(firstDay + days * day).toISOString();

/** Mostly one release train or two; some say "this version or newer". */
function versionCondition({ driver, trains }: Product, draw: Draw): Condition {
  const [major, minor] = [1 + draw.below(9), draw.below(trains)];
  const from = `${major}.${minor}`;
  const until = `${major}.${minor + 1 + draw.below(2)}`;
  return {
    kind: 'version',
    fact: `driver.${driver}.version`,
    range: draw.below(trains / 2) === 0 ? { from } : { from, until },
  };
}

function buildCondition(draw: Draw): Condition {
  const index = draw.below(builds.length);
  return { kind: 'number', fact: 'os.build', range: { from: builds[index], until: builds[index]! + 1 } };
}

function revisionCondition(draw: Draw): Condition {
  const from = draw.below(4000);
  return { kind: 'number', fact: 'os.revision', range: { from, until: from + 20 } };
}

function reportOf(products: readonly Product[], draw: Draw): Facts {
  const facts: Record<string, FactValue> = {
    'device.name': `PC-${draw.below(100_000)}`,
    'device.model': `${draw.pick(makers)} ${draw.below(9000)}`,
    'boot.failedStarts': 2 + draw.below(4),
    'boot.lastFailedAt': at(draw.below(2500)),
    'os.build': draw.pick(builds),
    'os.revision': draw.below(4000),
    'os.architecture': draw.below(8) === 0 ? 'arm64' : 'x64',
    'volume.bitlocker': 'unlocked',
  };
  const installed = new Set(Array.from({ length: 6 + draw.below(12) }, () => draw.rank(products.length)));
  for (const index of installed) {
    const { driver, folder, content, trains } = products[index]!;
    facts[`driver.${driver}.version`] = `${1 + draw.below(9)}.${draw.below(trains)}.${draw.below(9000)}.0`;
    if (draw.below(2) === 0) continue;
    const place = folder.toLowerCase();
    const written = draw.below(2500);
    const name = `${content.toLowerCase()}${draw.below(400)}-${draw.below(99)}.dat`;
    facts[`file.${place}\\${name}`] = { sizeBytes: draw.below(1_000_000), writtenAt: at(written) };
    facts[`file.${place}\\${driver}.sys`] = {
      sizeBytes: draw.below(1_000_000),
      writtenAt: at(draw.below(written + 1)),
    };
    facts[`searched.${place}\\*`] = { files: 2 };
  }
  const culprit = products[[...installed][draw.below(installed.size)]!]!.driver;
  facts['bootlog.lastLoaded'] = `${culprit}.sys`;
  if (draw.below(4) > 0) {
    facts['crash.code'] = draw.pick(codes);
    facts['crash.module'] = `${culprit}.sys`;
    facts['crash.offset'] = `0x${draw.below(0xf_ff_ff).toString(16)}`;
    facts['crash.capturedAt'] = facts['boot.lastFailedAt']!;
  }
  return facts;
}

/** Numbers that look drawn and are the same every time (mulberry32). */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(end: number): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  some<Value>(values: readonly Value[], most: number): Value[] {
    return [...new Set(Array.from({ length: 1 + this.below(most) }, () => this.pick(values)))];
  }

  weighted(weights: readonly number[]): number {
    let left = this.below(weights.reduce((sum, weight) => sum + weight, 0));
    return weights.findIndex(weight => (left -= weight) < 0);
  }

  /** The n-th is drawn about 1/n as often as the first: Zipf's law, by a logarithmic draw. */
  rank(count: number): number {
    return Math.min(count - 1, Math.floor((count + 1) ** (this.below(1_000_000) / 1_000_000)) - 1);
  }
}
