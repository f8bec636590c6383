import { buildHive } from './hive-builder.ts';
import {
  binary,
  dword,
  expandable,
  key,
  type KeyPlan,
  list,
  type PlacedKey,
  placeKeys,
  text,
} from './key-plan.ts';

/** A driver in a lab machine's SYSTEM hive. */
export interface LabDriver {
  readonly name: string;
  /** 0 boot, 1 system, 3 demand, 4 disabled. */
  readonly start: number;
  readonly group?: string;
  readonly startOverride?: number;
  /** `System32\drivers\NAME.sys` unless told. */
  readonly imagePath?: string;
}

/** What a lab machine's SYSTEM hive says. */
export interface LabSystem {
  readonly computerName: string;
  readonly drivers?: readonly LabDriver[];
  /** Filters above disks. */
  readonly diskFilters?: readonly string[];
  /** Pairs of texts; an empty second one deletes the first. */
  readonly pendingRenames?: readonly string[];
  readonly architecture?: 'AMD64' | 'ARM64';
  /** Keys besides, with paths below the control set. */
  readonly more?: readonly PlacedKey[];
}

const stock: readonly LabDriver[] = [
  { name: 'ACPI', start: 0, group: 'Core' },
  { name: 'pci', start: 0, group: 'Boot Bus Extender' },
  { name: 'partmgr', start: 0, group: 'Boot Bus Extender' },
  { name: 'volmgr', start: 0, group: 'System Bus Extender' },
  { name: 'storahci', start: 0, group: 'SCSI Miniport', startOverride: 3 },
  { name: 'stornvme', start: 0, group: 'SCSI Miniport' },
  { name: 'disk', start: 0, group: 'SCSI Class' },
  { name: 'volume', start: 0 },
  { name: 'fvevol', start: 0, group: 'Filter' },
  { name: 'WdBoot', start: 0, group: 'Early-Launch' },
];
const diskClass = '{4d36e967-e325-11ce-bfc1-08002be10318}';

/** The keys of a SYSTEM hive that decide how a machine starts. */
export function planSystemHive(system: LabSystem): KeyPlan {
  const drivers = [...stock, ...(system.drivers ?? [])].map(
    ({ name, start, group, startOverride, imagePath }) =>
      key(
        name,
        [
          dword('Type', 1),
          dword('Start', start),
          dword('ErrorControl', 3),
          expandable('ImagePath', imagePath ?? `System32\\drivers\\${name}.sys`),
          ...(group === undefined ? [] : [text('Group', group)]),
        ],
        startOverride === undefined ? [] : [key('StartOverride', [dword('0', startOverride)])],
      ),
  );
  const programs = [
    key('EventLog', [dword('Type', 0x20), dword('Start', 2), dword('ErrorControl', 1)]),
    key(
      'Tcpip',
      [dword('Type', 1), dword('Start', 0), dword('ErrorControl', 1)],
      [
        key('Parameters', [
          text('NV Hostname', system.computerName.toLowerCase()),
          text('Domain', 'corp.example'),
        ]),
      ],
    ),
  ];
  const control = key(
    'Control',
    [],
    [
      key(
        'Class',
        [],
        [
          key(diskClass, [
            text('Class', 'DiskDrive'),
            list('UpperFilters', 'partmgr', ...(system.diskFilters ?? [])),
          ]),
        ],
      ),
      key('ComputerName', [], [key('ComputerName', [text('ComputerName', system.computerName)])]),
      key('CrashControl', [
        dword('CrashDumpEnabled', 7),
        dword('AutoReboot', 1),
        dword('Overwrite', 1),
        expandable('DumpFile', '%SystemRoot%\\MEMORY.DMP'),
        expandable('MinidumpDir', '%SystemRoot%\\Minidump'),
        list('DumpFilters', 'dumpfve.sys'),
      ]),
      key('ServiceGroupOrder', [
        list(
          'List',
          'Core',
          'Early-Launch',
          'Boot Bus Extender',
          'System Bus Extender',
          'SCSI Miniport',
          'SCSI Class',
          'Filter',
        ),
      ]),
      key(
        'Session Manager',
        [
          list('BootExecute', 'autocheck autochk *'),
          ...(system.pendingRenames ? [list('PendingFileRenameOperations', ...system.pendingRenames)] : []),
        ],
        [
          key('Environment', [
            text('PROCESSOR_ARCHITECTURE', system.architecture ?? 'AMD64'),
            text('PROCESSOR_IDENTIFIER', 'Intel64 Family 6 Model 158 Stepping 13, GenuineIntel'),
          ]),
          key('Memory Management', [list('ExistingPageFiles', '\\??\\C:\\pagefile.sys')]),
        ],
      ),
    ],
  );
  return key(
    'ROOT',
    [],
    [
      placeKeys(
        key('ControlSet001', [], [control, key('Enum'), key('Services', [], [...drivers, ...programs])]),
        system.more,
      ),
      key('Select', [
        dword('Current', 1),
        dword('Default', 1),
        dword('Failed', 0),
        dword('LastKnownGood', 1),
      ]),
      key('Setup', [dword('SystemSetupInProgress', 0), dword('OOBEInProgress', 0), text('CmdLine', '')]),
    ],
  );
}

/** A lab machine's SYSTEM hive. */
export const buildSystemHive = (system: LabSystem): Uint8Array =>
  buildHive({ root: planSystemHive(system), fileName: 'SYSTEM', spareBytes: 4096 });

/** A package in a lab machine's component store. */
export interface LabPackage {
  readonly name: string;
  /** 0x70 is installed, 0x60 waits for a restart. */
  readonly state: number;
  readonly installedAt?: string;
}

/** What a lab machine's SOFTWARE hive says. */
export interface LabSoftware {
  readonly build: number;
  readonly revision: number;
  /** `24H2` unless told. */
  readonly release?: string;
  /** `Windows 10 Pro` unless told. */
  readonly product?: string;
  readonly edition?: string;
  readonly kind?: 'Client' | 'Server';
  readonly machineGuid: string;
  readonly packages?: readonly LabPackage[];
  readonly securityProducts?: readonly string[];
  /** Keys that exist only while servicing waits, as `RebootPending`. */
  readonly pending?: readonly string[];
  /** Keys besides, with paths below the root. */
  readonly more?: readonly PlacedKey[];
}

/** A lab machine's SOFTWARE hive. */
export function buildSoftwareHive(software: LabSoftware): Uint8Array {
  const packages = (software.packages ?? []).map(({ name, state, installedAt }) => {
    const ticks =
      installedAt === undefined ? undefined : BigInt(Date.parse(installedAt) + 11_644_473_600_000) * 10_000n;
    const times =
      ticks === undefined
        ? []
        : [
            dword('InstallTimeHigh', Number(ticks >> 32n)),
            dword('InstallTimeLow', Number(ticks & 0xffff_ffffn)),
          ];
    return key(name, [dword('CurrentState', state), text('InstallClient', 'WindowsUpdateAgent'), ...times]);
  });
  const products = (software.securityProducts ?? []).map((name, at) =>
    key(`{0000000${at}-0000-4000-8000-000000000000}`, [
      text('DISPLAYNAME', name),
      text('PRODUCTEXE', `C:\\Program Files\\${name}\\${name}.exe`),
    ]),
  );
  const servicing = key(
    'Component Based Servicing',
    [],
    [
      key('Packages', [], packages),
      ...(software.pending ?? []).map(name =>
        key(name, name === 'SessionsPending' ? [dword('Exclusive', 3)] : []),
      ),
    ],
  );
  const root = key(
    'ROOT',
    [],
    [
      key('Classes'),
      key(
        'Microsoft',
        [],
        [
          key('Cryptography', [text('MachineGuid', software.machineGuid)]),
          key('Security Center', [], [key('Provider', [], [key('Av', [], products)])]),
          key('Windows', [], [key('CurrentVersion', [], [servicing])]),
          key(
            'Windows NT',
            [],
            [
              key('CurrentVersion', [
                text('CurrentBuild', String(software.build)),
                dword('UBR', software.revision),
                text('ProductName', software.product ?? 'Windows 10 Pro'),
                text('EditionID', software.edition ?? 'Professional'),
                text('DisplayVersion', software.release ?? '24H2'),
                text('InstallationType', software.kind ?? 'Client'),
                dword('InstallDate', 1_717_200_000),
              ]),
            ],
          ),
        ],
      ),
      key('Policies', [], [key('Microsoft', [], [key('FVE', [dword('UseTPMPIN', 0)])])]),
    ],
  );
  return buildHive({ root: placeKeys(root, software.more), fileName: 'SOFTWARE' });
}

const bootManager = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';

/** What a lab machine's BCD store says. */
export interface LabBootStore {
  readonly recoveryEnabled?: boolean;
  /** 0 minimal, 1 network. */
  readonly safeBoot?: number;
  readonly bootLog?: boolean;
  /** 1 ignores all failures. */
  readonly bootStatusPolicy?: number;
}

/** A lab machine's BCD store: one Windows with recovery behind it. */
export function buildBootStore({
  recoveryEnabled = true,
  safeBoot,
  bootLog,
  bootStatusPolicy,
}: LabBootStore = {}): Uint8Array {
  const [windows, recovery] = [
    '{11111111-0000-4000-8000-000000000001}',
    '{22222222-0000-4000-8000-000000000002}',
  ];
  const element = (number: string, value: KeyPlan['values']): KeyPlan => key(number, value);
  const number = (name: string, count: number): KeyPlan =>
    element(name, [binary('Element', new Uint8Array([count, 0, 0, 0, 0, 0, 0, 0]))]);
  const flag = (name: string, on: boolean): KeyPlan =>
    element(name, [binary('Element', Uint8Array.of(on ? 1 : 0))]);
  const object = (id: string, type: number, elements: readonly KeyPlan[]): KeyPlan =>
    key(id, [], [key('Description', [dword('Type', type)]), key('Elements', [], elements)]);
  const root = key(
    'NewStoreRoot',
    [],
    [
      key('Description', [text('KeyName', 'BCD00000000')]),
      key(
        'Objects',
        [],
        [
          object(bootManager, 0x10100002, [
            element('23000003', [text('Element', windows)]),
            element('24000001', [list('Element', windows)]),
            number('25000004', 30),
          ]),
          object(windows, 0x10200003, [
            element('12000002', [text('Element', '\\Windows\\system32\\winload.efi')]),
            element('12000004', [text('Element', 'Windows 11')]),
            element('14000008', [list('Element', recovery)]),
            flag('16000009', recoveryEnabled),
            element('22000002', [text('Element', '\\Windows')]),
            ...(safeBoot === undefined ? [] : [number('25000080', safeBoot)]),
            ...(bootLog === undefined ? [] : [flag('26000090', bootLog)]),
            ...(bootStatusPolicy === undefined ? [] : [number('250000e0', bootStatusPolicy)]),
          ]),
          object(recovery, 0x10200003, [
            element('12000004', [text('Element', 'Windows Recovery Environment')]),
            flag('26000022', true),
          ]),
        ],
      ),
    ],
  );
  return buildHive({ root, fileName: '\\EFI\\Microsoft\\Boot\\BCD' });
}
