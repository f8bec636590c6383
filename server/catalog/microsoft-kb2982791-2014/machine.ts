import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import { hasPackageOf, readHiveOf } from '../../../agent/lab/read-registry.ts';
import type { LabTree } from '../../../agent/lab/lab-tree.ts';
import { text } from '../../../agent/lab/registry/key-plan.ts';
import { windowsOf } from '../../../agent/lab/windows-versions.ts';

const [win32k, cache] = ['Windows\\System32\\win32k.sys', 'Windows\\System32\\fntcache.dat'];
const fonts = 'Microsoft\\Windows NT\\CurrentVersion\\Fonts';
const version = '6.1.7601.18524';

function hasFontWithPath(tree: LabTree): boolean {
  const hive = readHiveOf(tree, 'SOFTWARE');
  const key = hive?.findKey(fonts);
  const values = hive && key ? hive.values(key) : [];
  return values.some(({ name }) => /OpenType/.test(name));
}

const serviced = {
  revision: 18_409,
  servicedAt: '2014-07-10T18:20:03.000Z',
  stoppedAt: '2014-08-13T06:55:54.000Z',
};
const installed = {
  drivers: [{ name: 'Win32k', start: 1, imagePath: 'System32\\win32k.sys' }],
  securityProducts: [],
  registry: [
    {
      hive: 'SOFTWARE' as const,
      path: fonts,
      values: [
        text('Arial (TrueType)', 'arial.ttf'),
        text('Contoso Sans (OpenType)', 'C:\\Program Files\\Contoso\\Fonts\\ContosoSans.otf'),
      ],
    },
  ],
};

/** A designer's machine: a program registered its OpenType fonts where they lie. */
export const machine = failingMachine({
  id: 'microsoft-kb2982791-2014',
  title: 'Took KB2982791 with an OpenType font outside the Fonts folder and stops in win32k.sys',
  name: 'PRINT-0417',
  clockAt: '2014-08-13T07:02:00.000Z',
  windows: windowsOf('windows-7', serviced),
  installed,
  fault: driverFault({
    service: 'Win32k',
    file: win32k,
    bugcheck: 0x50,
    offset: 0x2a1f4,
    timeDateStamp: 0x53c1b2d0,
    osBuild: 7601,
    isFaulty: () => true,
    alsoNeeds: tree =>
      tree.read(cache) !== undefined && hasPackageOf(tree, 'KB2982791') && hasFontWithPath(tree),
  }),
  bad: [cache],
  good: [win32k],
  install: tree => {
    const linkedAt = new Date('2014-07-12T22:15:44.000Z');
    tree.write(win32k, buildDriverFile({ version, linkedAt }), linkedAt);
    tree.write(cache, Buffer.from('font cache of the lab'), new Date('2014-08-13T06:40:00.000Z'));
  },
  update: {
    windows: windowsOf('windows-7', {
      ...serviced,
      packages: [
        {
          name: 'Package_for_KB2982791~31bf3856ad364e35~amd64~~6.1.1.2',
          state: 0x70,
          installedAt: '2014-08-13T06:50:00.000Z',
        },
      ],
    }),
  },
});
