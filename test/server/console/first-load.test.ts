import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { top } from '../../support/imports.ts';

const limitBytes = 250_000;

/** Files of a built script that a browser fetches before it runs: what it imports, and what those import. */
async function collectImports(folder: string, file: string, seen: Set<string>): Promise<void> {
  if (seen.has(file)) return;
  seen.add(file);
  const text = await readFile(path.join(folder, 'assets', file), 'utf8');
  for (const [, name] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    await collectImports(folder, name!, seen);
}

test('the console is there after at most 250 kB, and the first screens bring no editor along', async t => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bootmend-first-load-'));
  try {
    await build({
      configFile: path.join(top, 'server/console/vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
    const page = await readFile(path.join(folder, 'index.html'), 'utf8');
    const named = [...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+)"/g)].map(match => match[1]!);
    const all = await readdir(path.join(folder, 'assets'));
    for (const screen of ['now-screen', 'incidents-screen', 'incident-screen', 'devices-screen']) {
      const own = all.filter(name => name.startsWith(`${screen}-`));
      const scripts = new Set<string>();
      for (const name of [...named, ...own].filter(one => one.endsWith('.js')))
        await collectImports(folder, name, scripts);
      const files = new Set([...scripts, ...named, ...own]);
      assert.deepEqual(
        [...files].filter(name => /^(editor|yaml|check-script)-/.test(name)),
        [],
      );
      let bytes = gzipSync(page, { level: 9 }).length;
      for (const name of files)
        bytes += gzipSync(await readFile(path.join(folder, 'assets', name)), { level: 9 }).length;
      t.diagnostic(`${screen}: ${files.size} files, ${bytes} bytes`);
      assert.ok(bytes <= limitBytes, `${screen}: ${bytes} bytes`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
