// `npm run bench -- NAME [PART …]`: measures and prints one JSON line per figure or, for `fuzz`, per reader.
// A figure over its limit makes the run fail.
import { agentParts, benchAgent } from './agent.ts';
import { benchConsole } from './console.ts';
import { benchDump } from './dump.ts';
import { benchEvidence } from './evidence.ts';
import { benchFuzz, fuzzedNames } from './fuzz.ts';
import { benchMatch } from './match.ts';
import { benchPowerCut } from './power-cut.ts';
import { benchScript } from './script.ts';

interface Bench {
  /** What may be named behind it; all of it runs when nothing is. */
  readonly parts: readonly string[];
  readonly run: (parts: readonly string[]) => Iterable<object> | AsyncIterable<object>;
}

const benches: Readonly<Record<string, Bench>> = {
  agent: { parts: agentParts, run: benchAgent },
  console: { parts: ['100000', '1000000'], run: benchConsole },
  dump: { parts: [], run: benchDump },
  evidence: { parts: [], run: benchEvidence },
  fuzz: { parts: fuzzedNames, run: benchFuzz },
  match: { parts: [], run: benchMatch },
  'power-cut': { parts: [], run: benchPowerCut },
  script: { parts: [], run: benchScript },
};

const [name = '', ...parts] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench || !parts.every(part => bench.parts.includes(part))) {
  const names = Object.entries(benches).map(([one, { parts: some }]) =>
    some.length === 0 ? one : `${one} [${some.join('|')}]`,
  );
  process.stderr.write(`Usage: npm run bench -- NAME [PART …] with one of: ${names.join(', ')}.\n`);
  process.exit(2);
}
for await (const figure of bench.run(parts)) {
  const isOver =
    'over' in figure ||
    ('limit' in figure && 'value' in figure && Number(figure.value) > Number(figure.limit));
  if (isOver) process.exitCode = 1;
  process.stdout.write(`${JSON.stringify({ bench: name, ...figure, ...(isOver && { over: true }) })}\n`);
}
