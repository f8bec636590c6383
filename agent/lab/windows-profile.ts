import type { LabPackage } from './registry/windows-hives.ts';

/** Which Windows a lab machine runs, and when it was last serviced and switched off. */
export interface LabWindows {
  /** `ProductName`, as the registry has it: Windows 11 still says Windows 10. */
  readonly product: string;
  /** File version of kernel and drivers, `10.0.22621.3880`. */
  readonly version: string;
  /** Build of the kernel, as dumps and boot logs tell it. */
  readonly osBuild: number;
  /** `CurrentBuild`; an enablement package raises it above that of the kernel. */
  readonly build: number;
  readonly revision: number;
  /** `DisplayVersion`; absent before Windows 10. */
  readonly release?: string;
  readonly edition: string;
  readonly kind: 'Client' | 'Server';
  readonly servicedAt: Date;
  readonly stoppedAt: Date;
  readonly packages: readonly LabPackage[];
}

/** Windows 11 23H2 with the cumulative update of July 2024. */
export const windows11OfJuly2024: LabWindows = {
  product: 'Windows 10 Pro',
  version: '10.0.22621.3880',
  osBuild: 22_621,
  build: 22_631,
  revision: 3880,
  release: '23H2',
  edition: 'Professional',
  kind: 'Client',
  servicedAt: new Date('2024-07-09T18:20:44.000Z'),
  stoppedAt: new Date('2024-07-19T03:58:10.000Z'),
  packages: [
    {
      name: 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10',
      state: 0x70,
      installedAt: '2024-07-09T18:20:44.000Z',
    },
    {
      name: 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1',
      state: 0x70,
      installedAt: '2024-07-09T18:14:02.000Z',
    },
    { name: 'Microsoft-Windows-LanguageFeatures-Basic-fr-fr-Package~31bf~amd64~~10.0.22621.1', state: 0x70 },
  ],
};
