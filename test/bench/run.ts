// `npm run bench -- NAME …`: measures the named parts and prints one JSON line per figure.
// A figure over its limit makes the run fail.
import { benchDump } from './dump.ts';
import { benchDumpFuzz } from './dump-fuzz.ts';
import type { Figure } from './figure.ts';
import { benchMatch } from './match.ts';

const benches: Readonly<Record<string, () => Iterable<Figure>>> = {
  dump: benchDump,
  'dump-fuzz': benchDumpFuzz,
  match: benchMatch,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !Object.hasOwn(benches, name));
if (wanted.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `Usage: npm run bench -- NAME … with names out of: ${Object.keys(benches).join(', ')}.\n`,
  );
  process.exit(2);
}
for (const name of wanted) {
  for (const figure of benches[name]!()) {
    const isOver = figure.limit !== undefined && figure.value > figure.limit;
    if (isOver) process.exitCode = 1;
    process.stdout.write(`${JSON.stringify({ bench: name, ...figure, ...(isOver && { over: true }) })}\n`);
  }
}
