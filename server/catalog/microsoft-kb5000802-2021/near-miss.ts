import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const graphics = 'Windows\\System32\\win32kfull.sys';
const job = 'Windows\\System32\\spool\\PRINTERS\\00013.SPL';

/** The same stop, with a job waiting, but with the corrected update: the job is somebody's work and stays. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb5000802-2021-near-miss',
  title: 'Has KB5001567 and stops in win32kfull.sys while a job waits',
  name: 'PRINT-02',
  clockAt: '2021-03-18T07:02:00.000Z',
  windows: windowsOf('windows-10-20h2', {
    revision: 868,
    servicedAt: '2021-03-16T18:20:03.000Z',
    stoppedAt: '2021-03-18T06:59:30.000Z',
  }),
  installed: {
    drivers: [{ name: 'win32kfull', start: 1, imagePath: 'System32\\win32kfull.sys' }],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'win32kfull',
    file: graphics,
    bugcheck: 0x1,
    offset: 0x220c,
    timeDateStamp: 0x604eb0a0,
    osBuild: 19_041,
    isFaulty: () => true,
  }),
  good: [graphics, job],
  happen: tree => {
    const linkedAt = new Date('2021-03-14T22:10:24.000Z');
    tree.write(graphics, buildDriverFile({ version: '10.0.19041.868', linkedAt }), linkedAt);
    tree.write(job, Buffer.from('a label for Lyon'), new Date('2021-03-18T06:59:20.000Z'));
  },
});
