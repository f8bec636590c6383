import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const [win32k, cache] = ['Windows\\System32\\win32k.sys', 'Windows\\System32\\fntcache.dat'];
const write = (version: string, at: string) => ({
  bytes: buildDriverFile({ version, linkedAt: new Date(at) }),
  at: new Date(at),
});

/** Stops in win32k.sys with 0x50 as well, but took the re-released update: its font cache is sound. */
export const nearMiss = failingMachine({
  id: 'microsoft-kb2982791-2014-near-miss',
  title: 'Stops with 0x50 in win32k.sys and never had one of the withdrawn updates',
  name: 'PRINT-0418',
  clockAt: '2014-09-02T07:02:00.000Z',
  windows: windowsOf('windows-7', {
    revision: 18_409,
    servicedAt: '2014-07-10T18:20:03.000Z',
    stoppedAt: '2014-09-02T06:55:54.000Z',
    packages: [
      {
        name: 'Package_for_KB2993651~31bf3856ad364e35~amd64~~6.1.1.2',
        state: 0x70,
        installedAt: '2014-08-28T06:50:00.000Z',
      },
    ],
  }),
  installed: {
    drivers: [{ name: 'Win32k', start: 1, imagePath: 'System32\\win32k.sys' }],
    securityProducts: [],
  },
  fault: driverFault({
    service: 'Win32k',
    file: win32k,
    bugcheck: 0x50,
    offset: 0x11c0,
    timeDateStamp: 0x53e9a010,
    osBuild: 7601,
    isFaulty: version => version === '6.1.7601.18577',
  }),
  good: [win32k, cache],
  install: tree => {
    const before = write('6.1.7601.18523', '2014-06-12T22:15:44.000Z');
    tree.write(win32k, before.bytes, before.at);
    tree.write(cache, Buffer.from('font cache of the lab'), new Date('2014-08-13T06:40:00.000Z'));
  },
  happen: tree => {
    const after = write('6.1.7601.18577', '2014-08-23T02:10:11.000Z');
    tree.write(win32k, after.bytes, after.at);
  },
});
