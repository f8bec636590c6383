import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commandNames } from '../server/cli/usage.ts';
import { top } from './support/imports.ts';

const tracked = execFileSync('git', ['ls-files'], { cwd: top, encoding: 'utf8' }).split('\n').filter(Boolean);
const documents = tracked.filter(file => file.endsWith('.md') && existsSync(path.join(top, file)));
const read = (file: string) => readFileSync(path.join(top, file), 'utf8');

test('every link in a document leads somewhere', () => {
  const broken = documents.flatMap(file =>
    [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(match => path.join(path.dirname(file), match[1]!))
      .filter(target => !existsSync(path.join(top, target)))
      .map(target => `${file} links to ${target}`),
  );
  assert.deepEqual(broken, []);
});

/** The anchors of a document, as its headings give them. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = read(file)
    .replaceAll(/^```[^]*?^```/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    [...headings].map(match =>
      match[1]!
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every link into a document leads to a heading of it', () => {
  const links = documents.flatMap(file =>
    [...read(file).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)/g)].map(match => ({
      file,
      target: match[1] === '' ? file : path.join(path.dirname(file), match[1]!),
      anchor: match[2]!,
    })),
  );
  assert.ok(links.length > 20);
  const broken = links.filter(one => one.target.endsWith('.md') && !anchorsOf(one.target).has(one.anchor));
  assert.deepEqual(broken, []);
});

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const known = new Set([...Object.keys(scripts), 'ci', 'install']);
  const unknown = documents.flatMap(file =>
    [...read(file).matchAll(/\bnpm (?:run (?:-s )?)?(?!run\b)([a-z:]+)\b/g)]
      .filter(match => /npm run|npm (ci|test|start)/.test(match[0]) && !known.has(match[1]!))
      .map(match => `${file}: ${match[0]}`),
  );
  assert.deepEqual(unknown, []);
});

test('every command of the command line that a document names exists', () => {
  const names = new Set<string | undefined>(commandNames);
  const unknown = documents.flatMap(file =>
    [...read(file).matchAll(/npm run -s bootmend -- ([a-z][a-z-]*)/g)]
      .filter(match => !names.has(match[1]))
      .map(match => `${file}: ${match[0]}`),
  );
  assert.ok(names.size > 5);
  assert.deepEqual(unknown, []);
});

test('no tracked file names a package registry', () => {
  const host = new RegExp(['registry', 'npmjs', 'org'].join(String.raw`\.`));
  const binary = /\.(png|ico|woff2?)$/;
  assert.deepEqual(
    tracked.filter(file => !binary.test(file) && existsSync(path.join(top, file)) && host.test(read(file))),
    [],
  );
});
