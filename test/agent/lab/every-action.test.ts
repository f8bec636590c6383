import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { findWindows } from '../../../agent/core/found-windows.ts';
import { findJournal } from '../../../agent/core/journal.ts';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { undoAndClose } from '../../../agent/core/undo-attempt.ts';
import type { Host } from '../../../agent/host/host.ts';
import { createLabHost } from '../../../agent/lab/lab-host.ts';
import { LabTree } from '../../../agent/lab/lab-tree.ts';
import { readMachine, writeMachine } from '../../../agent/lab/machine-record.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';
import type { ActionClass } from '../../../shared/remediation/actions/action-definition.ts';
import { parseProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { actionMachine, actionScript } from '../support/action-machine.ts';
import {
  actionTrials,
  classOfTrial,
  type TrialName,
  trialNames,
  trialProgram,
} from '../support/action-trials.ts';
import { FakeServer, organization, serverAddress, serverPin } from '../support/fake-server.ts';
import { ordering } from '../support/trial-server.ts';

/**
 * Every file outside Bootmend's own folder: contents, time, rights, how many names it has, and which file it is. What
 * Windows keeps beside the contents (access list, streams, attributes) belongs to the file and not to its name, so a
 * file that is the same one still has all of it. The times of folders are not kept: NTFS notes every move in them.
 */
function readTree(folder: string, which: 'all' | 'others' = 'others'): ReadonlyMap<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.map(entry => {
    const real = path.join(entry.parentPath, entry.name);
    const { mode, ino, nlink, mtimeNs } = fs.lstatSync(real, { bigint: true });
    const contents = entry.isFile() ? fs.readFileSync(real, 'base64') : '';
    const what = entry.isFile() ? [mode, ino, nlink, mtimeNs, contents] : [mode, ino];
    return [path.relative(folder, real), what.join(' ')] as const;
  });
  const others = files.filter(([name]) => which === 'all' || !/^ProgramData\/Bootmend(\/|$)/.test(name));
  return new Map(others.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a file is, but for how many names it has. */
const withoutLinkCount = (what: string) => what.split(' ').toSpliced(2, 1).join(' ');

/** A lab machine on disk that one action heals, and the server that orders it. */
async function createGround(name: TrialName) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-action-'));
  const windows = path.join(directory, 'C');
  const server = new FakeServer({ decide: ordering(actionScript(name)) });
  const log: string[] = [];
  let waitedMs = 0;
  const start = (): Host => ({
    ...createLabHost(directory, {
      screen: { show: () => undefined },
      log: { write: ({ level, code, message }) => void log.push(`${level} ${code}: ${message}`) },
    }),
    // Nobody presses a key, and what would be waited for is over at once.
    clock: {
      monotonicMs: () => Math.floor(performance.now()) + waitedMs,
      wallMs: () => Date.now() + waitedMs,
      wait: ms => {
        waitedMs += ms;
        return Promise.resolve('elapsed');
      },
    },
    network: {
      hasAddress: () => true,
      request: request => Promise.resolve(server.respond(request)),
    },
  });
  const machine = actionMachine(name);
  await machine.build(directory, {
    whileHealthy: async () => {
      const bundle = parseProvisioningBundle({
        organization,
        servers: [serverAddress],
        pins: [serverPin],
        trust: server.trust(),
        token: 'bm-enrol-0123456789abcdef',
        settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
        programs: [trialProgram],
      });
      assert.ok(bundle.ok);
      assert.equal((await runEnrol(start(), bundle.value)).kind, 'enrolled');
    },
  });
  // No two files with the same rights by chance, and none with those that the agent gives to new ones.
  for (const entry of fs.readdirSync(windows, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o444);
  /** Whether Windows comes up, tried on a copy: a start writes logs of its own. */
  const comesUp = () => {
    const copy = `${directory}-start`;
    fs.cpSync(directory, copy, { recursive: true, preserveTimestamps: true });
    try {
      return tryBoot(copy, machine.fault).kind === 'booted';
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  };
  return {
    server,
    log,
    windows,
    directory,
    start,
    comesUp,
    [Symbol.dispose]: () => fs.rmSync(directory, { recursive: true }),
  };
}
type Ground = Awaited<ReturnType<typeof createGround>>;

function undo({ start, server }: Ground) {
  const host = start();
  const [found, journal] = [
    findWindows(host),
    findJournal(host, 'C:\\', server.outcomes[0]?.attemptId ?? ''),
  ];
  assert.ok(found.ok && journal);
  return undoAndClose(host, found.windows, journal);
}

/** Windows was tried and failed again: the firmware counts it, and the next start of recovery is another attempt. */
function failAgain({ directory }: Ground): void {
  const record = readMachine(directory);
  const firmware = { ...record.firmware, failedStarts: record.firmware.failedStarts + 1 };
  writeMachine(directory, { ...record, running: 'recovery', firmware });
}

/** What is promised of each class once its action has healed the machine. */
const promises: Readonly<
  Record<ActionClass, (ground: Ground, before: ReadonlyMap<string, string>) => void | Promise<void>>
> = {
  reversible(ground, before) {
    // Quarantine is no copy: each file that was there is still the same one, under whatever name.
    const there = new Set([...readTree(ground.windows, 'all').values()].map(withoutLinkCount));
    for (const [name, what] of before) assert.ok(there.has(withoutLinkCount(what)), `${name} is kept whole`);
    assert.equal(undo(ground).ok, true);
    assert.deepEqual(readTree(ground.windows), before, 'undone to the byte');
    assert.equal(ground.comesUp(), false, 'and broken as it was');
  },
  async repeatable(ground) {
    const once = readTree(ground.windows);
    failAgain(ground);
    assert.equal((await runRecovery(ground.start())).kind, 'reboot', ground.log.join('\n'));
    assert.equal(ground.comesUp(), true);
    const contents = (tree: ReadonlyMap<string, string>) =>
      [...tree].map(([name, what]) => `${name} ${what.split(' ').at(-1)}`);
    assert.deepEqual(contents(readTree(ground.windows)), contents(once), 'a second run changes nothing');
  },
  'one-way'(ground, before) {
    const [outcome] = ground.server.outcomes;
    const change = outcome?.steps[0]?.changes[0];
    assert.match(
      (change?.kind === 'run-tool' && change.ended) || '',
      /^(?:dism|program)-done$/,
      'told what ran, and how it ended',
    );
    const saved = new LabTree(
      path.join(ground.windows, 'ProgramData/Bootmend/saved', outcome?.attemptId ?? ''),
    );
    assert.ok(saved.read('BCD'), 'boot options were saved before');
    for (const name of ['SYSTEM', 'SYSTEM.LOG1', 'SOFTWARE'])
      assert.equal(
        Buffer.from(saved.read(name)!).toString('base64'),
        before.get(`Windows/System32/config/${name}`)?.split(' ').at(-1),
        `${name} was saved before`,
      );
    const healed = readTree(ground.windows);
    const taken = undo(ground);
    assert.equal(!taken.ok && taken.code, 'no-way-back');
    assert.deepEqual(readTree(ground.windows), healed, 'nothing is half taken back');
  },
};

describe('every action heals the machine on disk that is broken so, and keeps what its class promises', () => {
  for (const name of trialNames)
    test(name, async () => {
      using ground = await createGround(name);
      const before = readTree(ground.windows);
      assert.equal(ground.comesUp(), false);
      const end = await runRecovery(ground.start());
      assert.equal(end.kind, 'reboot', ground.log.join('\n'));
      assert.deepEqual(
        ground.server.outcomes.map(one => one.state),
        ['applied'],
      );
      assert.equal(actionTrials[name].isDone(new LabTree(ground.windows)), true);
      assert.equal(ground.comesUp(), true);
      await promises[classOfTrial(name)](ground, before);
    });
});
