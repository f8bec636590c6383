import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Import, listImports, listSources } from './support/imports.ts';

const imports = listSources().flatMap(listImports);

const isFile = (target: string) => /^(agent|server|shared|test|migrations)\//.test(target);
const isPackage = (target: string) => !isFile(target) && !target.startsWith('node:');
const isRoot = (file: string) =>
  /^(server|agent)\/main\.ts$/.test(file) ||
  file.startsWith('server/cli/') ||
  file === 'agent/bootmend.ts' ||
  file === 'agent/build/main.ts';

/** Fails with every import that a rule forbids, one line each. */
function forbid(rule: string, forbidden: (one: Import) => boolean) {
  test(rule, () => {
    const found = imports.filter(forbidden).map(one => `${one.from} imports ${one.target}`);
    assert.deepEqual(found, []);
  });
}

const from = (room: string) => (one: Import) => one.from.startsWith(room);
const fromTest = from('test/');

forbid('nothing imports test/', one => !fromTest(one) && one.target.startsWith('test/'));

forbid('shared imports only itself and packages that also run in QuickJS', one => {
  if (!from('shared/')(one)) return false;
  if (isFile(one.target)) return !one.target.startsWith('shared/');
  if (one.target === 'yaml') return !one.from.startsWith('shared/rules/source/');
  return one.target !== 'zod/mini' && !one.target.startsWith('@noble/');
});

forbid('agent/core sees only Host, shared and itself', one => {
  if (!from('agent/core/')(one)) return false;
  const allowed = ['agent/core/', 'agent/host/host.ts', 'shared/', 'zod/mini'];
  return !allowed.some(place => one.target.startsWith(place));
});

forbid('the agent needs no package but the schema reader', one => {
  if (one.from.startsWith('agent/build/')) return isPackage(one.target) && one.target !== 'esbuild';
  return from('agent/')(one) && isPackage(one.target) && one.target !== 'zod/mini';
});

forbid('agent and server meet only in composition roots and lab machines of the catalogue', one => {
  if (isRoot(one.from) || fromTest(one)) return false;
  if (from('agent/')(one)) return one.target.startsWith('server/');
  if (!from('server/')(one) || !one.target.startsWith('agent/')) return false;
  return !(
    /^server\/catalog\/[^/]+\/(machine|near-miss)\.ts$/.test(one.from) && one.target.startsWith('agent/lab/')
  );
});

forbid('the console sees shared and itself', one => {
  if (!from('server/console/')(one)) return false;
  return isFile(one.target) && !/^(server\/console|shared)\//.test(one.target);
});

forbid('nothing but composition roots imports the console, the command line or main', one => {
  if (fromTest(one) || from('server/console/')(one) || isRoot(one.from)) return false;
  return /^server\/(console|cli)\//.test(one.target) || /^(server|agent)\/main\.ts$/.test(one.target);
});

const home: Record<string, RegExp> = {
  express: /^server\/(http\/|features\/[^/]+\/[a-z-]*routes\.ts$)/,
  'express-session': /^server\/http\//,
  'express-rate-limit': /^server\/http\//,
  'connect-pg-simple': /^server\/http\//,
  helmet: /^server\/http\//,
  multer: /^server\/http\//,
  pg: /^server\/db\//,
  'node-pg-migrate': /^server\/db\//,
  winston: /^server\/logging\//,
  'node-cron': /^server\/jobs\//,
  yauzl: /^server\/cli\/evidence\//,
};
forbid('express, multer, pg, winston and node-cron have one home each', one => {
  const place = home[one.target];
  return place !== undefined && !fromTest(one) && !place.test(one.from);
});

forbid('a feature knows other features only by type', one => {
  const feature = /^server\/features\/([^/]+)\//;
  const [here, there] = [feature.exec(one.from)?.[1], feature.exec(one.target)?.[1]];
  return here !== undefined && there !== undefined && here !== there && !one.typeOnly;
});

test('SQL stands only in stores and migrations', async () => {
  const { readFileSync } = await import('node:fs');
  const sql = /`\s*(select|insert into|update|delete from|with)\s[^`]*\b(from|into|set)\b/i;
  const found = listSources().filter(
    file =>
      file.startsWith('server/') &&
      !/^server\/(db\/|features\/[^/]+\/[a-z-]*(store|read)\.ts$)/.test(file) &&
      sql.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(found, []);
});
