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
  run({ file = '', mode }, shape, bench) {
    const store = bench.volume.read(bootStore);
    if (!store) return refused;
    if (shape === 0) {
      const name = nameBelow(bench, file);
      if (name === undefined) return refused;
      bench.volume.write(name, store, bench.now);
      return ended(0, 'The operation completed successfully.');
    }
    if (shape >= 3) return ended(0, 'The operation completed successfully.');
    return setSafeBoot(bench, store, shape === 2 ? undefined : mode);
  },
};

function setSafeBoot({ volume, now }: ToolBench, store: Uint8Array, mode: string | undefined): LabExit {
  const recovered = recoverHive(memorySource(store), {});
  if (!recovered.ok) return refused;
  const before = readBootConfiguration(recovered.hive);
  const windows = before.loaders.find(loader => loader.id === before.default);
  if (mode === undefined && (windows?.safeBoot ?? null) === null)
    return ended(1, 'An error occurred while deleting the element. Element not found.');
  const safeBoot = mode === undefined ? -1 : ['minimal', 'network'].indexOf(mode);
  if (mode !== undefined && safeBoot < 0) return ended(1, 'The value is not valid.');
  volume.write(bootStore, buildBootStore(mode === undefined ? {} : { safeBoot }), now);
  return ended(0, 'The operation completed successfully.');
}
