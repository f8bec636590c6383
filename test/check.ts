// `npm run check`: types, lint, format and architecture, side by side; prints only what fails.
import { spawn } from 'node:child_process';
import path from 'node:path';

const bin = (name: string) => path.resolve('node_modules/.bin', name);
const cache = (name: string) => path.resolve('node_modules/.cache/bootmend', name);
/** One project's types; what did not change since the last run is not looked at again. */
const types = (project: string) => [
  bin('tsc'),
  '-p',
  `${project}tsconfig.json`,
  '--incremental',
  '--tsBuildInfoFile',
  cache(`${project.replaceAll('/', '-')}types.json`),
];
const unchanged = ['--cache', '--cache-strategy', 'content'];
const checks: Record<string, string[]> = {
  'types: server, agent, test': types(''),
  'types: shared, without Node or DOM': types('shared/'),
  'types: agent core, Host only': types('agent/core/'),
  'types: console': types('server/console/'),
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'],
  format: [bin('prettier'), '--check', ...unchanged, '--log-level', 'warn', '.'],
  architecture: [process.execPath, '--test', 'test/architecture.test.ts'],
};

function run(name: string, [command, ...args]: string[]): Promise<boolean> {
  return new Promise(resolve => {
    const started = performance.now();
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('close', code => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd());
      resolve(code === 0);
    });
  });
}

const results = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)));
process.exitCode = results.every(Boolean) ? 0 : 1;
