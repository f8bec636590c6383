import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const launcher = 'Program Files\\Contoso Games\\autostart.cfg';
const antiCheat = 'Program Files (x86)\\EasyAntiCheat_EOS\\EasyAntiCheat_EOS.exe';

/** A machine whose launcher takes up the last game as soon as somebody is logged on. */
export const machine = failingMachine({
  id: 'easy-anti-cheat-24h2',
  title: 'Upgraded to 24H2 with an Easy Anti-Cheat of 2023 and stops whenever the game comes up',
  name: 'LAB-GAME-2',
  clockAt: '2025-06-12T18:02:00.000Z',
  windows: windowsOf('windows-11-24h2', {
    revision: 4349,
    servicedAt: '2025-06-11T18:20:03.000Z',
    stoppedAt: '2025-06-12T17:55:00.000Z',
  }),
  fault: kernelFault({
    osBuild: 26_100,
    bugcheck: 0x1a,
    parameters: [0x41792n, 0xffffb28c5a2d3060n, 0n, 0n],
    process: 'EasyAntiCheat_',
    because: tree => tree.read(antiCheat) !== undefined && tree.read(launcher) !== undefined,
  }),
  good: [antiCheat],
  install: tree => {
    const at = new Date('2023-09-05T12:00:00.000Z');
    tree.write(antiCheat, buildDriverFile({ version: '6.0.0.1', linkedAt: at }), at);
  },
  happen: tree => tree.write(launcher, Buffer.from('last=game'), new Date('2025-06-12T17:54:00.000Z')),
});
