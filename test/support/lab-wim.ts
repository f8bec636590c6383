import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildDriverFile } from '../../agent/lab/evidence/driver-file.ts';
import { wimtools } from './debian-packages.ts';

/** The reason for which tests over real images are skipped, or false. */
export const withoutWimlib = existsSync(wimtools.file) ? false : `needs ${wimtools.name} (${wimtools.file})`;

/** The files of a small recovery image, as stock WinRE has them, by path in the image. */
export const stockFiles: Readonly<Record<string, string | Uint8Array>> = {
  'Windows/System32/winpeshl.ini': '\ufeff[LaunchApp]\r\nAppPath=X:\\sources\\recovery\\recenv.exe\r\n',
  'Windows/System32/winpeshl.exe': 'MZ winpeshl',
  // From this file wimlib and we learn that the image is x64.
  'Windows/System32/kernel32.dll': buildDriverFile({
    version: '10.0.26100.1742',
    linkedAt: new Date('2024-10-01T00:00:00Z'),
  }),
  'Windows/System32/config/SYSTEM': 'regf',
  'sources/recovery/recenv.exe': 'MZ recenv',
  'sources/recovery/tools/readme.txt': 'nothing',
};

/** Makes a real WIM with these files as image 1, which is the one that starts. */
export function makeWim(file: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  const tree = mkdtempSync(path.join(os.tmpdir(), 'bootmend-wim-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.join(tree, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(tree, name), content);
    }
    execFileSync(
      'wimlib-imagex',
      ['capture', tree, file, 'Microsoft Windows Recovery Environment', '--boot'],
      {
        stdio: 'ignore',
      },
    );
  } finally {
    rmSync(tree, { recursive: true });
  }
}
