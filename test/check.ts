// `npm run check`: types, lint, format and architecture, side by side; prints only what fails.
import { spawn } from 'node:child_process';
import path from 'node:path';

const bin = (name: string) => path.resolve('node_modules/.bin', name);
const checks: Record<string, string[]> = {
  'types: server, agent, test': [bin('tsc'), '-p', 'tsconfig.json'],
  'types: shared, without Node or DOM': [bin('tsc'), '-p', 'shared/tsconfig.json'],
  'types: agent core, Host only': [bin('tsc'), '-p', 'agent/core/tsconfig.json'],
  'types: console': [bin('tsc'), '-p', 'server/console/tsconfig.json'],
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'],
  format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
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
