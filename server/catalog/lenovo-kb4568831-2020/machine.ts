import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const file = 'Windows\\System32\\drivers\\ldiagio.sys';

/** A ThinkPad of 2020 whose Vantage loads its diagnostics driver with Windows. */
export const machine = failingMachine({
  id: 'lenovo-kb4568831-2020',
  title: 'Took KB4568831 and stops in ldiagio.sys at every start',
  name: 'T14-0031',
  model: 'LENOVO 20S0',
  clockAt: '2020-08-05T06:58:00.000Z',
  windows: windowsOf('windows-10-2004', {
    revision: 423,
    servicedAt: '2020-08-04T19:02:51.000Z',
    stoppedAt: '2020-08-05T06:55:40.000Z',
  }),
  installed: { drivers: [{ name: 'ldiagio', start: 1 }], securityProducts: [] },
  fault: driverFault({
    service: 'ldiagio',
    file,
    bugcheck: 0x7e,
    offset: 0x15a0,
    timeDateStamp: 0x5d4a1188,
    osBuild: 19_041,
    parameters: instruction => [0xffffffffc0000005n, instruction, 0n, 0n],
    isFaulty: () => true,
  }),
  good: [file],
  happen: tree => {
    const linkedAt = new Date('2019-08-07T02:12:24.000Z');
    tree.write(file, buildDriverFile({ version: '1.6.15.0', linkedAt }), linkedAt);
  },
});
