import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ReadingThread } from '../../../../server/features/evidence/reading-thread.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-thread-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** A reader that does to this program what a hostile file would do to the real one. */
function hostile(name: string, does: string): URL {
  const file = path.join(dir, `${name}.mjs`);
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ bytes }) => {
       if (bytes[0] === 1) { ${does} }
       parentPort.postMessage({ state: 'parsed', reading: bytes.length });
     });`,
  );
  return pathToFileURL(file);
}

const codeOf = (reading: unknown) => (reading as { problem: { code: string } }).problem.code;
const bad = () => new Uint8Array([1]);
const good = () => new Uint8Array([0, 0]);

for (const [name, does, code] of [
  ['hangs', 'for (;;);', 'reader-too-slow'],
  ['throws', 'throw new Error("broken")', 'reader-died'],
  ['exits', 'process.exit(1)', 'reader-died'],
  ['eats memory', 'const kept = []; for (;;) kept.push(new Array(100000).fill({}));', 'reader-died'],
] as const)
  test(`a file whose reading ${name} is unreadable, and the next one is read`, async () => {
    const thread = new ReadingThread({ file: hostile(name.replace(' ', '-'), does), longestMs: 8000 });
    if (name === 'hangs') {
      const impatient = new ReadingThread({ file: hostile('impatient', does), longestMs: 300 });
      assert.equal(codeOf((await impatient.read('boot-log', bad())).reading), code);
      await impatient.close();
      return;
    }
    assert.equal(codeOf((await thread.read('boot-log', bad())).reading), code);
    assert.deepEqual(await thread.read('boot-log', good()), { state: 'parsed', reading: 2 });
    await thread.close();
  });
