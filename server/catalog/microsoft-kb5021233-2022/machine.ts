import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import type { LabTree } from '../../../agent/lab/lab-tree.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const [copy, driver] = ['Windows\\System32\\hidparse.sys', 'Windows\\System32\\drivers\\hidparse.sys'];

const parserOf = (version: string, at: string) => ({
  bytes: buildDriverFile({ version, linkedAt: new Date(at), company: 'Microsoft Corporation' }),
  at: new Date(at),
});
const ofOctober = parserOf('10.0.19041.1806', '2022-07-01T04:10:22.000Z');
const ofDecember = parserOf('10.0.19041.2364', '2022-12-07T03:44:51.000Z');

const isEqual = (tree: LabTree) =>
  Buffer.from(tree.read(copy) ?? []).equals(Buffer.from(tree.read(driver) ?? []));

/** A desk machine whose update replaced one of the two files. */
export const machine = failingMachine({
  id: 'microsoft-kb5021233-2022',
  title: 'Took KB5021233, has two versions of hidparse.sys and stops with 0xc000021a',
  name: 'DESK-2103',
  clockAt: '2022-12-15T07:02:00.000Z',
  windows: windowsOf('windows-10-22h2', {
    revision: 2251,
    servicedAt: '2022-11-09T18:20:03.000Z',
    stoppedAt: '2022-12-15T06:55:54.000Z',
  }),
  fault: kernelFault({
    osBuild: 19_041,
    bugcheck: 0xc000021a,
    parameters: [0xffffa08c2e4b1a30n, 0xffffffffc0000428n, 0n, 0n],
    process: 'smss.exe',
    // The signature of the copy is verified against what was installed last.
    because: tree => !isEqual(tree),
  }),
  mended: [copy],
  good: [driver],
  install: tree => {
    for (const file of [copy, driver]) tree.write(file, ofOctober.bytes, ofOctober.at);
  },
  update: {
    windows: windowsOf('windows-10-22h2', {
      revision: 2364,
      servicedAt: '2022-12-15T06:58:12.000Z',
      stoppedAt: '2022-12-15T06:59:30.000Z',
    }),
  },
  happen: tree => tree.write(driver, ofDecember.bytes, ofDecember.at),
});
