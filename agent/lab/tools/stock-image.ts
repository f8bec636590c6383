import { buildHive } from '../registry/hive-builder.ts';
import { dword, key, list } from '../registry/key-plan.ts';
import type { LabPackage } from './lab-recovery-tools.ts';

/** The SYSTEM hive of an image whose start replays file system transactions, as before Microsoft's advice. */
const imageHive = buildHive({
  root: key(
    'ROOT',
    [],
    [
      key(
        'ControlSet001',
        [],
        [
          key(
            'Control',
            [],
            [key('Session Manager', [list('BootExecute', 'autocheck autochk *', 'autofstx')])],
          ),
        ],
      ),
      key('Select', [
        dword('Current', 1),
        dword('Default', 1),
        dword('Failed', 0),
        dword('LastKnownGood', 1),
      ]),
    ],
  ),
  fileName: 'SYSTEM',
  spareBytes: 4096,
});

/** The files of a winre.wim as Windows ships it, as far as Bootmend meets them. */
export const stockImage: Readonly<Record<string, Uint8Array>> = {
  'Windows\\System32\\winpeshl.ini': Buffer.from(
    '[LaunchApp]\r\nAppPath=X:\\sources\\recovery\\recenv.exe\r\n',
  ),
  'Windows\\System32\\config\\SYSTEM': imageHive,
  'sources\\recovery\\recenv.exe': Buffer.from('MZ recenv'),
};

/** Driver packages of a machine's manufacturer: a network and a storage driver, and one that recovery can do without. */
export const vendorPackages: readonly LabPackage[] = [
  {
    published: 'oem1.inf',
    className: 'Net',
    files: { 'wifi.inf': Buffer.from('[Version]'), 'wifi.sys': new Uint8Array(5000) },
  },
  { published: 'oem2.inf', className: 'SCSIAdapter', files: { 'vmd.inf': Buffer.from('[Version]') } },
  { published: 'oem3.inf', className: 'Display', files: { 'gpu.sys': new Uint8Array(9000) } },
];
