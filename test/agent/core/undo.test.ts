import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import {
  appendRecord,
  beginJournal,
  findJournal,
  type Intent,
  listJournals,
} from '../../../agent/core/journal.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import type { Host } from '../../../agent/host/host.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld, listFiles } from '../support/world.ts';

const attemptId = '01900000-0000-7000-8000-00000000beef';
const quarantine = `\\ProgramData\\Bootmend\\quarantine\\${attemptId}`;
const name = { attemptId, episode: '0'.repeat(32), scriptSha256: '0'.repeat(64) };

function windowsOf(host: Host) {
  const found = findWindows(host);
  assert.ok(found.ok);
  return found.windows;
}

test('a finished attempt is undone byte for byte, once', async () => {
  const world = await createWorld(machine);
  const before = listFiles(world.disk);
  await runRecovery(world.start());
  const host = world.start();
  const journal = findJournal(host, 'C:\\', world.server.outcomes[0]?.attemptId ?? '');
  assert.equal(journal?.state, 'applied');
  assert.ok(undoAndClose(host, windowsOf(host), journal).ok);
  assert.deepEqual(listFiles(world.disk), before);
  assert.equal(findJournal(host, 'C:\\', journal.attemptId)?.state, 'undone');
});

test('a place that is taken again keeps the new file, and the old one stays in quarantine', async () => {
  const world = await createWorld(machine);
  await runRecovery(world.start());
  world.disk.place(parsePath(`C:\\${machine.bad[0]}`).components, { bytes: new Uint8Array(3) });
  const after = listFiles(world.disk);
  const host = world.start();
  const journal = findJournal(host, 'C:\\', world.server.outcomes[0]?.attemptId ?? '');
  assert.ok(journal);
  const undone = undoAndClose(host, windowsOf(host), journal);
  assert.equal(!undone.ok && undone.code, 'place-taken');
  assert.deepEqual(listFiles(world.disk), after);
});

/** A journal as malware would write it, with good checksums, over a file it planted in quarantine. */
function forge(host: Host, disk: MemoryDisk, intents: readonly Partial<Intent>[]): void {
  let journal = beginJournal(host, 'C:\\', name, '');
  for (const [at, over] of intents.entries()) {
    const number = at + 1;
    disk.place(parsePath(`C:${quarantine}\\${number}`).components, {
      bytes: new Uint8Array(4),
      writtenAtMs: 7,
    });
    journal = appendRecord(host, journal, {
      kind: 'intent',
      number,
      line: 1,
      action: 'delete',
      from: '\\Windows\\x.sys',
      to: `${quarantine}\\${number}`,
      sizeBytes: 4,
      writtenAtMs: 7,
      ...over,
    });
  }
}

const forged: Readonly<Record<string, Partial<Intent>>> = {
  'into a protected place': {
    from: '\\Windows\\System32\\winload.efi.new',
    to: '\\Windows\\System32\\winload.efi',
    action: 'rename',
  },
  'over the registry': { from: '\\Windows\\System32\\config\\NEW' },
  'into the files of people': { from: '\\Users\\Ada\\Desktop\\x.exe' },
  'out of a parent': { from: '\\Windows\\..\\Users\\x' },
  'out of the quarantine of another attempt': { to: '\\ProgramData\\Bootmend\\quarantine\\other\\1' },
  'from anywhere': { to: '\\Windows\\notepad.exe' },
  'across folders by a rename': {
    action: 'rename',
    from: '\\Windows\\INF\\notepad.exe',
    to: '\\Windows\\notepad.exe',
  },
  'as a hibernation image elsewhere': { action: 'set-aside', from: '\\Windows\\hiberfil.sys' },
  'into a stream': { from: '\\Windows\\notepad.exe:x' },
  'into the agent’s own folder': { from: '\\ProgramData\\Bootmend\\trust.json' },
};
for (const [what, intent] of Object.entries(forged))
  test(`a forged journal moves nothing ${what}`, async () => {
    const world = await createWorld(machine);
    forge(world.start(), world.disk, [intent]);
    const before = listFiles(world.disk);
    const host = world.start();
    const end = await runRecovery(host);
    assert.ok(host.entries.some(entry => entry.code === 'interrupted-attempt-stuck'));
    const renamed = host.calls.filter(call => call.name === 'files.rename' && !call.subject.endsWith('.new'));
    assert.ok(
      renamed.every(call => call.subject === `C:\\${machine.bad[0]}`),
      JSON.stringify(renamed),
    );
    const after = listFiles(world.disk);
    for (const [path, file] of before)
      if (path !== `C:\\${machine.bad[0]}`) assert.equal(after.get(path), file, path);
    assert.ok(['reboot', 'handed-over'].includes(end.kind));
  });

test('a quarantine behind a link is not there', async () => {
  const world = await createWorld(machine);
  const host = world.start();
  forge(host, world.disk, [{ from: '\\Windows\\Temp\\x.sys' }]);
  world.disk.place(['Windows', 'Temp'], { kind: 'link' });
  const journal = findJournal(host, 'C:\\', attemptId);
  assert.ok(journal);
  assert.equal(undoAndClose(host, windowsOf(host), journal).ok, false);
});

const behindLink = '\\Windows\\Temp\\junction\\x.sys';
const behind: Readonly<Record<string, Partial<Intent>>> = {
  delete: { from: behindLink },
  rename: { action: 'rename', from: behindLink, to: `${behindLink}.off` },
  copy: {
    action: 'copy',
    from: behindLink,
    copy: { source: '\\Windows\\Temp\\y.sys', sizeBytes: 4, sha256: '0'.repeat(64), replaces: true },
  },
};
for (const [action, intent] of Object.entries(behind))
  test(`taking back a forged ${action} reaches nothing behind a link`, async () => {
    const world = await createWorld(machine);
    const host = world.start();
    forge(host, world.disk, [intent]);
    world.disk.place(['Windows', 'Temp', 'junction'], { kind: 'link' });
    const journal = findJournal(host, 'C:\\', attemptId);
    assert.ok(journal);
    assert.equal(undoAndClose(host, windowsOf(host), journal).ok, false);
    assert.equal(host.files.find('C:\\Windows\\Temp\\junction')?.kind, 'link');
    assert.equal(host.files.find(`C:${quarantine}\\1`)?.sizeBytes, 4, 'what was kept stays kept');
  });

test('a journal whose middle was changed is damaged, and stops the run', async () => {
  const world = await createWorld(machine);
  const host = world.start();
  forge(host, world.disk, [{}, {}]);
  const path = parsePath(`C:\\ProgramData\\Bootmend\\journal\\${attemptId}.journal`);
  const text = Buffer.from(world.disk.read(path, 0, 1e6))
    .toString()
    .replace('x.sys', 'y.sys');
  world.disk.place(path.components, { bytes: new Uint8Array(Buffer.from(text)) });
  assert.deepEqual(listJournals(host, 'C:\\').damaged, [`${attemptId}.journal`]);
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'journal-damaged');
});
