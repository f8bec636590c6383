import { hexOf } from '../../shared/bytes/hex.ts';
import { printable } from '../../shared/bytes/printable.ts';
import { type BootConfiguration, findRecovery } from '../../shared/registry/boot-configuration.ts';
import type {
  HiveDescription,
  SoftwareDescription,
  SystemDescription,
} from '../../shared/registry/describe-hive.ts';
import type { Hive } from '../../shared/registry/hive.ts';
import type { HiveKind } from '../../shared/registry/hive-kind.ts';
import type { RecoveryState } from '../../shared/registry/recover-hive.ts';
import type { Service } from '../../shared/registry/services.ts';
import {
  decodeNumber,
  decodeText,
  decodeTextList,
  isText,
  nameOfType,
  valueTypes,
} from '../../shared/registry/value-type.ts';
import { alignColumns, listSection, type Paint } from './terminal.ts';

const mostShownBytes = 64 * 1024;

const kinds: Record<HiveKind, string> = {
  system: 'A SYSTEM hive: how Windows starts',
  software: 'A SOFTWARE hive: what is installed',
  'boot-configuration': 'A BCD store: what the boot manager starts',
  components: 'A COMPONENTS hive: the component store',
  drivers: 'A DRIVERS hive: driver packages',
  other: 'A registry hive',
};

const states: Record<RecoveryState, string> = {
  clean: 'whole, nothing waits in logs',
  recovered: 'dirty; its logs were replayed, so this is what Windows will see',
  incomplete: 'dirty; its logs were replayed only in part, newer changes may be missing',
  unrecovered: 'dirty; newer changes wait in logs that are not here or cannot be replayed',
};

/** A hive as a person reads it: what it is and whether to trust it, then what it says about starting. */
export function renderHive(hive: HiveDescription, paint: Paint): string[] {
  const trusted = hive.state === 'clean' || hive.state === 'recovered';
  const state = paint(trusted ? 'strong' : 'bad', states[hive.state]);
  const replayed = hive.replayed.map(
    ({ log, entries, pages, firstSequence, lastSequence }) =>
      `${log}: ${entries} entries, ${pages} pages, sequence ${firstSequence} to ${lastSequence}`,
  );
  return [
    `${paint('strong', kinds[hive.kind])}${hive.fileName === '' ? '' : ` (${printable(hive.fileName)})`}`,
    `State: ${state}.`,
    ...replayed.map(line => `  replayed ${line}`),
    ...(hive.transactionsPending ? ['  transactions are pending; their own logs (TxR) are not read'] : []),
    ...(hive.system ? renderSystem(hive.system, paint) : []),
    ...(hive.software ? renderSoftware(hive.software, paint) : []),
    ...(hive.bootConfiguration ? renderBootConfiguration(hive.bootConfiguration, paint) : []),
    ...listSection(
      paint('warn', 'Problems'),
      hive.problems.map(one => [
        one.code,
        one.message,
        `(${one.log ?? 'hive'}, ${one.structure} at offset ${one.offset})`,
      ]),
    ),
  ];
}

function renderSystem(system: SystemDescription, paint: Paint): string[] {
  const { controlSets: sets, computer, crashControl, setup, bitLocker } = system;
  const others = sets.present.filter(name => name.toLowerCase() !== sets.path?.toLowerCase());
  const rows = [
    [
      'computer',
      [computer.name ?? 'not told', ...(computer.domain ? [`in ${computer.domain}`] : [])].join(' '),
    ],
    ['control set', `${sets.path ?? 'none'}${others.length > 0 ? `, also there: ${others.join(', ')}` : ''}`],
    ['last known good', sets.lastKnownGood === null ? 'not told' : String(sets.lastKnownGood)],
    ['architecture', system.processor.architecture ?? 'not told'],
    ['crash dump', `${crashControl.dump}, ${crashControl.dedicatedDumpFile ?? crashControl.dumpFile}`],
    ['after a crash', restartText(crashControl.restarts)],
    [
      'before logon',
      [...setup.bootExecute, ...(setup.commandLine ? [setup.commandLine] : [])].join('; ') || 'nothing',
    ],
    ...(setup.setupInProgress || setup.upgradeInProgress
      ? [['setup', 'not finished: the next start continues it']]
      : []),
    ...(bitLocker.startedProtected === null
      ? []
      : [
          [
            'BitLocker',
            bitLocker.startedProtected
              ? 'last start was from a protected volume'
              : 'last start was from an unprotected volume',
          ],
        ]),
  ];
  const filters = system.filters.map(one => [
    one.className ?? one.path.split('\\').slice(2).join('\\'),
    ...(one.upper.length > 0 ? [`above: ${one.upper.join(', ')}`] : ['']),
    ...(one.lower.length > 0 ? [`below: ${one.lower.join(', ')}`] : []),
  ]);
  const renames = system.pendingRenames.map(({ from, to }) =>
    to === null ? ['delete', from] : ['rename', from, `to ${to}`],
  );
  return [
    '',
    ...alignColumns(rows),
    ...listSection(
      paint('strong', `Boot-start drivers in load order (${system.bootDrivers.length})`),
      system.bootDrivers.map(driverRow),
    ),
    ...listSection(paint('strong', `Filter drivers (${filters.length})`), filters),
    ...listSection(paint('strong', `Pending at the next start (${renames.length})`), renames),
  ];
}

const driverRow = (driver: Service): string[] => [
  driver.name,
  driver.group ?? '',
  driver.imagePath ?? `system32\\drivers\\${driver.name}.sys`,
  driver.startOverride && driver.startOverride !== 'boot' ? `overridden: ${driver.startOverride}` : '',
];

const restartText = (restarts: boolean | null): string =>
  restarts === null
    ? 'not told'
    : restarts
      ? 'Windows restarts'
      : 'Windows stays on the blue screen; recovery does not start by itself';

function renderSoftware(software: SoftwareDescription, paint: Paint): string[] {
  const { os, servicing } = software;
  const build = os.build === null ? 'not told' : `${os.build}.${os.revision ?? '?'}`;
  const unfinished = servicing.packages.filter(
    one => one.state.endsWith('-pending') || one.state === 'staging',
  );
  const rows = [
    ['Windows', [os.product, os.release, os.edition].filter(part => part !== null).join(' ')],
    ['build', build],
    ['machine GUID', software.machineGuid ?? 'not told'],
    ['packages', `${servicing.packages.length}, of these ${unfinished.length} not finished`],
    ['servicing', servicing.pending.length > 0 ? `waits: ${servicing.pending.join(', ')}` : 'nothing waits'],
    [
      'security',
      software.securityProducts.map(one => `${one.name} (${one.role})`).join(', ') || 'no product registered',
    ],
  ];
  return [
    '',
    ...alignColumns(rows),
    ...listSection(
      paint('strong', 'Packages not finished'),
      unfinished.map(one => [one.name, one.state]),
    ),
  ];
}

function renderBootConfiguration(configuration: BootConfiguration, paint: Paint): string[] {
  const recovery = findRecovery(configuration);
  const enabled = recovery.enabled === null ? 'left to the default' : recovery.enabled ? 'on' : 'off';
  const into = recovery.loader ? `, into ${recovery.loader.description ?? recovery.loader.id}` : '';
  return [
    '',
    ...alignColumns([['recovery after failed starts', `${enabled}${into}`]]),
    ...listSection(
      paint('strong', `Loaders (${configuration.loaders.length})`),
      configuration.loaders.map(one => [
        one.id === configuration.default ? 'default' : '',
        one.description ?? one.id,
        one.path ?? '',
        one.safeBoot ? `safe mode: ${one.safeBoot}` : '',
      ]),
    ),
  ];
}

/** A key and what it holds, as `--key` shows it. */
export interface ShownKey {
  readonly path: string;
  readonly writtenAt: string | null;
  readonly subkeys: readonly string[];
  readonly values: readonly ShownValue[];
}

/** A value by its meaning; binary data as hex digits, of large data the beginning. */
export interface ShownValue {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly content: string | readonly string[] | number;
}

/** Reads one key; undefined when it is not there. */
export function showKey(hive: Hive, keyPath: string): ShownKey | undefined {
  const key = hive.findKey(keyPath);
  if (!key) return undefined;
  const values = hive.values(key).map((value): ShownValue => {
    const data = hive.dataOf(value, mostShownBytes);
    const number = decodeNumber(value.type, data);
    let content: ShownValue['content'] = hexOf(data);
    if (number !== undefined) content = typeof number === 'bigint' ? number.toString() : number;
    else if (isText(value.type)) content = decodeText(data);
    else if (value.type === valueTypes.textList) content = decodeTextList(data);
    return { name: value.name, type: nameOfType(value.type), sizeBytes: value.sizeBytes, content };
  });
  return { path: keyPath, writtenAt: key.writtenAt, subkeys: hive.subkeys(key).map(one => one.name), values };
}

/** A key as a person reads it. */
export function renderKey({ path, writtenAt, subkeys, values }: ShownKey, paint: Paint): string[] {
  const rows = values.map(({ name, type, content }) => {
    const text = typeof content === 'object' ? content.join(' | ') : String(content);
    return [name === '' ? '(default)' : name, type, text.length > 200 ? `${text.slice(0, 200)}...` : text];
  });
  return [
    `${paint('strong', path)}, changed ${writtenAt ?? 'at an unknown time'}`,
    ...listSection(paint('strong', `Values (${values.length})`), rows, Infinity),
    ...listSection(
      paint('strong', `Subkeys (${subkeys.length})`),
      subkeys.map(name => [name]),
      Infinity,
    ),
  ];
}
