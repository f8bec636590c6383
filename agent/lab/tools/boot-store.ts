import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readBootConfiguration } from '../../../shared/registry/boot-configuration.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { buildBootStore } from '../registry/windows-hives.ts';
import { ended, type LabExit, type LabTool, nameBelow, type ToolBench } from './lab-tool.ts';

/** Where a lab machine keeps its boot store: on the Windows drive, as machines without a system partition do. */
export const bootStore = 'Boot\\BCD';
export const bootManagerFile = 'bootmgr';

const refused = ended(1, 'The boot configuration data store could not be opened.');

/** BCDBoot: boot manager and store are written anew. */
export const bcdboot: LabTool = {
  source: 'Microsoft: BCDBoot command-line options',
  shapes: [['<windows>', '/f', 'ALL']],
  unknown: ended(87, 'BCDBoot: the parameter is incorrect.'),
  run({ windows = '' }, _, { volume, root, now }) {
    if (windows.toLowerCase() !== `${root}windows`.toLowerCase())
      return ended(1, 'Failure when attempting to copy boot files.');
    volume.write(bootManagerFile, Buffer.from('MZ boot manager of the lab'), now);
    volume.write(bootStore, buildBootStore(), now);
    return ended(0, 'Boot files successfully created.');
  },
};

/** BCDEdit on the store that the machine starts from. */
export const bcdedit: LabTool = {
  source: 'Microsoft: BCDEdit command-line options, /set, /deletevalue, /export',
  shapes: [
    ['/export', '<file>'],
    ['/set', '{default}', 'safeboot', '<mode>'],
    ['/deletevalue', '{default}', 'safeboot'],
    ['/set', '{default}', 'bootlog', '<flag>'],
    ['/deletevalue', '{default}', 'bootlog'],
  ],
  unknown: ended(1, 'The specified command is not valid.'),
  run({ file = '', mode, flag }, shape, bench) {
    const store = bench.volume.read(bootStore);
    if (!store) return refused;
    if (shape === 0) {
      const name = nameBelow(bench, file);
      if (name === undefined) return refused;
      bench.volume.write(name, store, bench.now);
      return ended(0, 'The operation completed successfully.');
    }
    return setOption(bench, store, shape >= 3 ? 'bootLog' : 'safeBoot', shape >= 3 ? flag : mode);
  },
};

const values = { safeBoot: ['minimal', 'network'], bootLog: ['no', 'yes'] } as const;

/** Sets an option of the Windows that starts by default; without a value it is deleted, which fails when it is absent. */
function setOption(
  { volume, now }: ToolBench,
  store: Uint8Array,
  option: keyof typeof values,
  value: string | undefined,
): LabExit {
  const recovered = recoverHive(memorySource(store), {});
  if (!recovered.ok) return refused;
  const before = readBootConfiguration(recovered.hive);
  const windows = before.loaders.find(loader => loader.id === before.default);
  if (value === undefined && (windows?.[option] ?? null) === null)
    return ended(1, 'An error occurred while deleting the element. Element not found.');
  const at = value === undefined ? -1 : (values[option] as readonly string[]).indexOf(value);
  if (value !== undefined && at < 0) return ended(1, 'The value is not valid.');
  const safeBoot =
    option === 'safeBoot' ? at : (values.safeBoot as readonly unknown[]).indexOf(windows?.safeBoot);
  const bootLog = option === 'bootLog' ? [undefined, false, true][at + 1] : (windows?.bootLog ?? undefined);
  const kept = {
    ...(safeBoot < 0 ? {} : { safeBoot }),
    ...(bootLog === undefined ? {} : { bootLog }),
  };
  volume.write(bootStore, buildBootStore(kept), now);
  return ended(0, 'The operation completed successfully.');
}
