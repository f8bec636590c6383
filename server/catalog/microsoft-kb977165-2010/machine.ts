import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const driver = 'Windows\\System32\\drivers\\atapi.sys';
const uninstaller = 'Windows\\$NtUninstallKB977165$\\spuninst\\spuninst.exe';
const linkedAt = new Date('2008-04-13T18:40:29.000Z');
const clean = buildDriverFile({ version: '5.1.2600.5512', linkedAt });
/** The rootkit keeps size and version of the file it sits in. */
const infected = Uint8Array.from(clean, (byte, at) => (at === clean.length - 1 ? 0xcc : byte));

/** A machine that was infected for weeks without anybody noticing. */
export const machine = failingMachine({
  id: 'microsoft-kb977165-2010',
  title: 'Took KB977165 with Alureon in atapi.sys and stops at every start',
  name: 'HOME-1002',
  clockAt: '2010-02-10T19:02:00.000Z',
  windows: windowsOf('windows-xp', {
    revision: 5512,
    servicedAt: '2010-01-13T02:20:03.000Z',
    stoppedAt: '2010-02-10T18:55:00.000Z',
  }),
  installed: { drivers: [{ name: 'atapi', start: 0 }], securityProducts: [] },
  fault: driverFault({
    service: 'atapi',
    file: driver,
    bugcheck: 0x50,
    offset: 0x2e1c,
    timeDateStamp: 0x4802539d,
    osBuild: 2600,
    isFaulty: () => true,
    alsoNeeds: tree =>
      tree.read(uninstaller) !== undefined &&
      Buffer.from(tree.read(driver) ?? []).equals(Buffer.from(infected)),
  }),
  good: [driver, uninstaller],
  install: tree => tree.write(driver, infected, linkedAt),
  happen: tree => tree.write(uninstaller, Buffer.from('MZ'), new Date('2010-02-10T18:50:00.000Z')),
});
