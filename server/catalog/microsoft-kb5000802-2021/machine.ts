import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const graphics = 'Windows\\System32\\win32kfull.sys';
const spool = 'Windows\\System32\\spool\\PRINTERS';
const job = [`${spool}\\00012.SPL`, `${spool}\\00012.SHD`];
const version = '10.0.19041.867';

/** A print server: somebody's label was waiting when it crashed, and it waits again at every start. */
export const machine = failingMachine({
  id: 'microsoft-kb5000802-2021',
  title: 'Took KB5000802 and stops in win32kfull.sys as soon as the spooler takes up a job',
  name: 'PRINT-01',
  clockAt: '2021-03-11T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 867,
    servicedAt: '2021-03-10T18:20:03.000Z',
    stoppedAt: '2021-03-11T06:59:30.000Z',
  }),
  installed: {
    drivers: [{ name: 'win32kfull', start: 1, imagePath: 'System32\\win32kfull.sys' }],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'win32kfull',
    file: graphics,
    bugcheck: 0x1,
    offset: 0x1a2b4,
    timeDateStamp: 0x6039ad20,
    osBuild: 19_041,
    process: 'splwow64.exe',
    parameters: () => [0x7ff9a3c2880bn, 0n, 0xffffn, 0n],
    isFaulty: found => found === version,
    // Whatever waits for a Type 3 printer is printed at the next start.
    alsoNeeds: tree => tree.list(spool).some(name => name.endsWith('.SPL')),
  }),
  bad: job,
  good: [graphics],
  install: tree => {
    const linkedAt = new Date('2021-02-27T02:22:24.000Z');
    tree.write(graphics, buildDriverFile({ version, linkedAt }), linkedAt);
  },
  happen: tree => {
    for (const file of job)
      tree.write(file, Buffer.from('a label for Lyon'), new Date('2021-03-11T06:59:20.000Z'));
  },
});
