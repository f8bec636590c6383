import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const antiCheat = 'Program Files (x86)\\EasyAntiCheat_EOS\\EasyAntiCheat_EOS.exe';
const worn = 'Windows\\Temp\\worn-memory';

/** Easy Anti-Cheat is there and does not run: a memory module is worn out. */
export const nearMiss = failingMachine({
  id: 'easy-anti-cheat-24h2-near-miss',
  title: 'Has Easy Anti-Cheat on 24H2 and stops with MEMORY_MANAGEMENT in a system process',
  name: 'LAB-GAME-3',
  clockAt: '2025-06-14T18:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 4349,
    servicedAt: '2025-06-11T18:20:03.000Z',
    stoppedAt: '2025-06-14T17:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0x1a,
    parameters: [0x61941n, 0xffffb28c5a2d3060n, 0n, 0n],
    because: tree => tree.read(worn) !== undefined,
  }),
  good: [antiCheat],
  install: tree => tree.write(antiCheat, Buffer.from('MZ'), new Date('2023-09-05T12:00:00.000Z')),
  happen: tree => tree.write(worn, Buffer.from('1'), new Date('2025-06-14T17:54:00.000Z')),
});
