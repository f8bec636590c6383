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

const machineFaults = 'test/agent/faults/machine-faults.test.ts';
const networkFaults = 'test/agent/faults/network-faults.test.ts';
const proxyFaults = 'test/agent/faults/proxy-faults.test.ts';
const healed = 'healed';
const menu = 'the menu';
const retried = 'asked again until the total wait time is over, then the menu';

/** What goes wrong around a machine, how it ends, and the test that holds it, as its source names it. */
const around: readonly (readonly [fault: string, end: string, file: string, name: string])[] = [
  ['The server is away.', retried, machineFaults, 'a server that is away: retried until the time is over'],
  [
    'Names lead nowhere.',
    `${healed} by a literal address`,
    networkFaults,
    'names that lead nowhere cost one try',
  ],
  [
    'The TLS key is not the pinned one.',
    `${retried}; it gets no byte`,
    networkFaults,
    'a key that is not pinned',
  ],
  ['The certificate has expired.', healed, networkFaults, 'a certificate that expired years ago is good'],
  ['The clock says 2015.', healed, machineFaults, 'a clock at 2015 decides nothing'],
  [
    'The proxy refuses or is away.',
    `${healed} by the direct way, else ${retried}`,
    proxyFaults,
    'the direct way heals',
  ],
  [
    'A captive portal opens TLS.',
    `${retried}; it gets no byte`,
    networkFaults,
    'and a captive portal, are impostors',
  ],
  [
    'A page comes with status 200.',
    `${healed} once the server answers`,
    networkFaults,
    'its page is no order',
  ],
  ['The connection is cut, stalls or trickles.', `${healed}, once`, networkFaults, 'cut, stalls or trickles'],
  [
    '30 % of all packets are lost.',
    healed,
    'test/runtime/packet-loss.test.ts',
    '30 % of all packets are lost',
  ],
  [
    'The disk is full.',
    `${menu}, nothing half done`,
    machineFaults,
    'a full disk: nothing can be remembered',
  ],
  ['The volume takes no writes.', menu, machineFaults, 'a volume that takes no writes: the menu'],
  [
    'A damaged NTFS gives some files.',
    `${healed} by what can be read`,
    machineFaults,
    'gives some files and not others',
  ],
  ['A damaged NTFS gives nothing.', menu, machineFaults, 'a file system that gives nothing: the menu'],
  ['Two Windows, or none.', menu, machineFaults, 'two Windows and no boot entry, no Windows at all'],
  ['The drive letters are others.', healed, machineFaults, 'shuffled letters: Windows is healed where it is'],
  ['The name has 40 characters.', healed, machineFaults, 'a name of forty characters stands whole'],
  ['Paths are not English.', healed, machineFaults, 'files with names of another language are moved'],
];

test('what the documentation says of faults around a machine is held by a test that is there', async () => {
  for (const [, , file, name] of around)
    assert.ok(readFileSync(path.join(top, file), 'utf8').includes(name), `${file}: ${name}`);
  await checkBlock(
    'docs/when-something-fails.md',
    'around',
    table(
      ['what goes wrong', 'how it ends', 'held by'],
      around.map(([fault, end, file]) => [fault, end, `[${path.basename(file)}](../${file})`]),
    ),
  );
});
