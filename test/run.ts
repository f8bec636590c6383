// `npm test [-- SUITE …]`: runs the suites one after another and ends with a table.
// A suite over its time budget fails. With BOOTMEND_REQUIRE=all a skipped test fails the run.
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { ensurePackages } from '../agent/build/debian-packages.ts';
import { allPackages } from './support/debian-packages.ts';

interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  readonly exclude?: readonly string[];
  readonly budgetSeconds: number;
}

const suites: readonly Suite[] = [
  { name: 'ground', files: ['test/*.test.ts'], budgetSeconds: 15 },
  { name: 'shared', files: ['test/shared/**/*.test.ts'], budgetSeconds: 120 },
  { name: 'agent', files: ['test/agent/**/*.test.ts'], budgetSeconds: 160 },
  {
    name: 'server',
    files: ['test/server/**/*.test.ts'],
    exclude: ['test/server/console/**'],
    budgetSeconds: 225,
  },
  { name: 'console', files: ['test/server/console/**/*.test.ts'], budgetSeconds: 240 },
  { name: 'runtime', files: ['test/runtime/**/*.test.ts'], budgetSeconds: 300 },
  { name: 'system', files: ['test/system/**/*.test.ts'], budgetSeconds: 135 },
];

interface Result {
  readonly suite: string;
  ran: number;
  failed: number;
  readonly skipped: Map<string, number>;
  seconds: number;
}

async function runSuite(suite: Suite): Promise<Result> {
  const started = performance.now();
  const result: Result = { suite: suite.name, ran: 0, failed: 0, skipped: new Map(), seconds: 0 };
  const files = globSync([...suite.files], { exclude: [...(suite.exclude ?? [])] }).sort();
  console.log(`\n${suite.name}: ${files.length} files`);
  const stream = run({ files, concurrency: 2, timeout: suite.budgetSeconds * 1000 });
  stream.on('test:pass', test => {
    if (test.details.type === 'suite') return;
    if (test.skip === undefined || test.skip === false) result.ran++;
    else
      count(
        result.skipped,
        typeof test.skip === 'string' && test.skip !== '' ? test.skip : 'no reason given',
      );
  });
  stream.on('test:fail', test => {
    if (isOnlyChildren(test.details)) return;
    result.failed++;
    const cause = test.details.error.cause;
    console.log(`FAILED ${test.name}${test.file ? ` (${test.file})` : ''}`);
    console.log(inspect(cause ?? test.details.error));
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  await new Promise((resolve, reject) => {
    stream.once('end', resolve).once('error', reject);
    stream.resume();
  });
  result.seconds = (performance.now() - started) / 1000;
  if (result.seconds > suite.budgetSeconds) {
    result.failed++;
    console.log(`FAILED ${suite.name} took ${result.seconds.toFixed(0)} s of its ${suite.budgetSeconds} s`);
  }
  return result;
}

/** A suite that failed only because a test inside it did: that test is counted already. */
function isOnlyChildren(details: { readonly type?: string | undefined; readonly error: Error }): boolean {
  return (
    details.type === 'suite' &&
    'failureType' in details.error &&
    details.error.failureType === 'subtestsFailed'
  );
}

function count(skipped: Map<string, number>, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
}

function printTable(results: readonly Result[]): void {
  console.log('\nsuite      ran  failed  skipped  seconds');
  for (const { suite, ran, failed, skipped, seconds } of results) {
    const skips = [...skipped.values()].reduce((sum, n) => sum + n, 0);
    const cells = [String(ran).padStart(5), String(failed).padStart(7), String(skips).padStart(8)];
    console.log(`${suite.padEnd(8)} ${cells.join(' ')} ${seconds.toFixed(1).padStart(8)}`);
    for (const [reason, times] of skipped) console.log(`           ${times} skipped: ${reason}`);
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !suites.some(suite => suite.name === name));
if (unknown.length > 0) {
  console.error(
    `No suite named ${unknown.join(', ')}. There are: ${suites.map(suite => suite.name).join(', ')}.`,
  );
  process.exit(2);
}
ensurePackages(allPackages, line => console.log(line));
const results: Result[] = [];
for (const suite of suites)
  if (wanted.length === 0 || wanted.includes(suite.name)) results.push(await runSuite(suite));
printTable(results);

const failed = results.some(result => result.failed > 0);
const skipped = results.some(result => result.skipped.size > 0);
const strict = process.env.BOOTMEND_REQUIRE === 'all';
if (skipped && strict) console.log('\nBOOTMEND_REQUIRE=all: a skipped test fails the run.');
process.exit(failed || (skipped && strict) ? 1 : 0);
