import type { LabPackage } from './registry/windows-hives.ts';
import type { LabWindows } from './windows-profile.ts';

interface Version {
  readonly product: string;
  readonly kernel: string;
  readonly osBuild: number;
  readonly build: number;
  readonly release?: string;
  readonly edition: string;
  readonly kind: LabWindows['kind'];
}

const client = {
  product: 'Windows 10 Pro',
  edition: 'Professional',
  kind: 'Client',
  kernel: '10.0',
} as const;
const server = { edition: 'ServerStandard', kind: 'Server', kernel: '10.0' } as const;
const same = (build: number) => ({ osBuild: build, build });

/** Windows versions that bad updates were seen on. */
export const windowsVersions = {
  'windows-xp': {
    product: 'Microsoft Windows XP',
    kernel: '5.1',
    ...same(2600),
    edition: 'Professional',
    kind: 'Client',
  },
  'server-2003': {
    product: 'Microsoft Windows Server 2003',
    kernel: '5.2',
    ...same(3790),
    edition: 'ServerStandard',
    kind: 'Server',
  },
  'windows-vista': {
    product: 'Windows Vista Business',
    kernel: '6.0',
    ...same(6001),
    edition: 'Business',
    kind: 'Client',
  },
  'windows-7': {
    product: 'Windows 7 Professional',
    kernel: '6.1',
    ...same(7601),
    edition: 'Professional',
    kind: 'Client',
  },
  'windows-8.1': {
    product: 'Windows 8.1 Pro',
    kernel: '6.3',
    ...same(9600),
    edition: 'Professional',
    kind: 'Client',
  },
  'server-2012-r2': {
    product: 'Windows Server 2012 R2 Standard',
    kernel: '6.3',
    ...same(9600),
    edition: 'ServerStandard',
    kind: 'Server',
  },
  'windows-10-1607': { ...client, ...same(14_393), release: '1607' },
  'windows-10-1703': { ...client, ...same(15_063), release: '1703' },
  'windows-10-1709': { ...client, ...same(16_299), release: '1709' },
  'windows-10-1803': { ...client, ...same(17_134), release: '1803' },
  'windows-10-1809': { ...client, ...same(17_763), release: '1809' },
  'windows-10-2004': { ...client, ...same(19_041), release: '2004' },
  'windows-10-22h2': { ...client, osBuild: 19_041, build: 19_045, release: '22H2' },
  'windows-10-20h2': { ...client, osBuild: 19_041, build: 19_042, release: '20H2' },
  'windows-11-21h2': { ...client, ...same(22_000), release: '21H2' },
  'windows-11-22h2': { ...client, ...same(22_621), release: '22H2' },
  'windows-11-23h2': { ...client, osBuild: 22_621, build: 22_631, release: '23H2' },
  'windows-11-24h2': { ...client, ...same(26_100), release: '24H2' },
  'server-2016': { ...server, product: 'Windows Server 2016 Standard', ...same(14_393), release: '1607' },
  'server-2019': { ...server, product: 'Windows Server 2019 Standard', ...same(17_763), release: '1809' },
  'server-2022': { ...server, product: 'Windows Server 2022 Standard', ...same(20_348), release: '21H2' },
  'server-2025': { ...server, product: 'Windows Server 2025 Standard', ...same(26_100), release: '24H2' },
} as const satisfies Record<string, Version>;

/** How a Windows of the lab came to be what it is. */
export interface Serviced {
  readonly revision: number;
  /** When its newest cumulative update was installed, ISO 8601. */
  readonly servicedAt: string;
  /** When it was last switched off, ISO 8601. */
  readonly stoppedAt: string;
  /** Packages besides the cumulative update. */
  readonly packages?: readonly LabPackage[];
}

/** A Windows of this version; from Windows 10 on its cumulative update stands in the component store. */
export function windowsOf(name: keyof typeof windowsVersions, serviced: Serviced): LabWindows {
  const { kernel, ...version }: Version = windowsVersions[name];
  const { revision, servicedAt, stoppedAt, packages = [] } = serviced;
  const rollup: LabPackage = {
    name: `Package_for_RollupFix~31bf3856ad364e35~amd64~~${version.osBuild}.${revision}.1.4`,
    state: 0x70,
    installedAt: servicedAt,
  };
  return {
    ...version,
    version: `${kernel}.${version.osBuild}.${revision}`,
    revision,
    servicedAt: new Date(servicedAt),
    stoppedAt: new Date(stoppedAt),
    packages: [...(kernel === '10.0' ? [rollup] : []), ...packages],
  };
}
