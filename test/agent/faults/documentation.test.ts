import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkBlock, table } from '../../support/document-tables.ts';
import { top } from '../../support/imports.ts';
import { afterCut, type Fault, type FaultResult, faults } from '../support/faults.ts';

const words: Readonly<Record<FaultResult, string>> = {
  before: 'as before',
  after: 'as after',
  told: 'told as unfinished',
  believed: 'as before, reported by the tool’s word',
  left: 'taken back by the next start',
};

const row = (what: string, allowed: Fault['allowed']) => [
  what,
  ...(['reversible', 'repeatable', 'one-way'] as const).map(kind =>
    allowed[kind].length === 0 ? 'no tool runs' : allowed[kind].map(one => words[one]).join(', '),
  ),
];

test('what the documentation says of faults is what every action is held to', () =>
  checkBlock(
    'docs/when-something-fails.md',
    'faults',
    table(
      ['what goes wrong', 'reversible', 'repeatable', 'one-way'],
      [
        row('The power is cut, at any moment; seen at the next start.', afterCut),
        ...Object.values<Fault>(faults).map(one => row(one.what, one.allowed)),
      ],
    ),
  ));

type Held = readonly [file: string, name: string];
const inMemory = (name: string): Held => ['test/agent/faults/machine-faults.test.ts', name];
const overNetwork = (name: string): Held => ['test/agent/faults/network-faults.test.ts', name];
const byProxy = (name: string): Held => ['test/agent/faults/proxy-faults.test.ts', name];
/** By the executable that ships, under Wine. */
const byExecutable = (name: string): Held => ['test/runtime/machine-faults.test.ts', name];
const healed = 'healed';
const menu = 'the menu';
const retried = 'asked again until the total wait time is over, then the menu';

/** What goes wrong around a machine, how it ends, and the tests that hold it, as their source names them. */
const around: readonly (readonly [fault: string, end: string, ...heldBy: Held[]])[] = [
  ['The server is away.', retried, inMemory('a server that is away: retried until the time is over')],
  [
    'Names lead nowhere.',
    `${healed} by a literal address`,
    overNetwork('names that lead nowhere cost one try'),
  ],
  [
    'The TLS key is not the pinned one.',
    `${retried}; it gets no byte`,
    overNetwork('a key that is not pinned'),
  ],
  ['The certificate has expired.', healed, overNetwork('a certificate that expired years ago is good')],
  [
    'The clock says 2015.',
    healed,
    inMemory('a clock at 2015 decides nothing'),
    byExecutable('a clock at 2015: healed all the same'),
  ],
  [
    'The proxy refuses or is away.',
    `${healed} by the direct way, else ${retried}`,
    byProxy('the direct way heals'),
  ],
  [
    'A captive portal opens TLS.',
    `${retried}; it gets no byte`,
    overNetwork('and a captive portal, are impostors'),
  ],
  ['A page comes with status 200.', `${healed} once the server answers`, overNetwork('its page is no order')],
  [
    'The connection is cut, stalls or trickles.',
    `${healed}, once`,
    overNetwork('cut, stalls or trickles'),
    ['test/runtime/faults.test.ts', 'the connection cut, stalled or trickled at tenths of the exchange'],
  ],
  [
    '30 % of all packets are lost.',
    healed,
    ['test/runtime/packet-loss.test.ts', '30 % of all packets are lost'],
  ],
  [
    'The disk is full.',
    `${menu}, nothing half done`,
    inMemory('a full disk: nothing can be remembered'),
    byExecutable('a full disk: nothing is begun'),
    byExecutable('a disk that fills up in the middle: the whole repair or none of it'),
  ],
  [
    'The volume takes no writes.',
    menu,
    inMemory('a volume that takes no writes: the menu'),
    byExecutable('a volume that takes no writes: the menu'),
  ],
  [
    'A damaged NTFS gives some files.',
    `${healed} by what can be read`,
    inMemory('gives some files and not others'),
    byExecutable('a damaged NTFS that gives some files'),
  ],
  [
    'A damaged NTFS gives nothing.',
    menu,
    inMemory('a file system that gives nothing: the menu'),
    byExecutable('a damaged NTFS that gives nothing: the menu'),
  ],
  [
    'Two Windows, or none.',
    menu,
    inMemory('two Windows and no boot entry, no Windows at all'),
    byExecutable('two Windows that no boot entry tells apart: the menu'),
    byExecutable('no Windows at all: the menu'),
  ],
  [
    'The drive letters are others.',
    healed,
    inMemory('shuffled letters: Windows is healed where it is'),
    byExecutable('other letters: Windows is healed where it is'),
  ],
  [
    'The name has 40 characters.',
    healed,
    inMemory('a name of forty characters stands whole'),
    byExecutable('a name of forty characters stands whole on the screen'),
  ],
  ['Paths are not English.', healed, inMemory('files with names of another language are moved')],
];

/** A file once, however many of its tests hold a fault. */
const linksOf = (heldBy: readonly Held[]): string =>
  [...new Set(heldBy.map(([file]) => file))]
    .map(file => `[${file.replace(/^test\/(.*)\.test\.ts$/, '$1')}](../${file})`)
    .join(', ');

test('what the documentation says of faults around a machine is held by tests that are there', async () => {
  for (const [, , ...heldBy] of around)
    for (const [file, name] of heldBy)
      assert.ok(readFileSync(path.join(top, file), 'utf8').includes(name), `${file}: ${name}`);
  await checkBlock(
    'docs/when-something-fails.md',
    'around',
    table(
      ['what goes wrong', 'how it ends', 'held by'],
      around.map(([fault, end, ...heldBy]) => [fault, end, linksOf(heldBy)]),
    ),
  );
});
