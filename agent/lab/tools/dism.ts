import { packagesPath, readPackage } from '../../../shared/registry/packages.ts';
import { RegistryReader } from '../../../shared/registry/registry-reader.ts';
import { encodeDword, valueTypes } from '../../../shared/registry/value-type.ts';
import { editSoftware, openSoftware } from './edit-software.ts';
import { ended, type LabExit, type LabTool, nameBelow, type ToolBench } from './lab-tool.ts';

const image = ['/English', '/Image:<root>', '/ScratchDir:<scratch>'];
const [absent, staged, installPending] = [0x00, 0x40, 0x60];
const servicing = 'Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
const invalidPackage = 0x800f0805 | 0;
const permanentPackage = 0x800f0825 | 0;
const succeeded = '[==========================100.0%==========================]';

/** DISM on an offline image. */
export const dism: LabTool = {
  source: 'Microsoft: DISM image management, package servicing and driver servicing command-line options',
  shapes: [
    [...image, '/Remove-Package', '/PackageName:<package>'],
    [...image, '/Cleanup-Image', '/RevertPendingActions'],
    [...image, '/Remove-Driver', '/Driver:<driver>'],
  ],
  unknown: ended(87, 'Error: 87', 'The option is unknown.'),
  run(given, shape, bench) {
    const { root = '', scratch = '' } = given;
    if (root.toLowerCase() !== bench.root.toLowerCase()) return ended(2, 'Error: 2');
    const scratchName = nameBelow(bench, scratch);
    if (scratchName === undefined) return ended(3, 'Error: 3', 'The scratch directory does not exist.');
    if (shape === 0) return removePackage(bench, given['package'] ?? '');
    return shape === 1 ? revertPending(bench) : removeDriver(bench, given['driver'] ?? '');
  },
};

function removePackage(bench: ToolBench, identity: string): LabExit {
  const hive = openSoftware(bench)?.hive;
  const key = hive?.findKey(`${packagesPath}\\${identity}`);
  if (!hive || !key) return ended(invalidPackage, 'Error: 0x800f0805', 'The package is unknown.');
  if (readPackage(new RegistryReader(hive), key).state === 'permanent')
    return ended(permanentPackage, 'Error: 0x800f0825', 'The package cannot be removed.');
  return setStates(bench, [identity], absent);
}

/** Packages that wait go back to staged; the file with the work is set aside. */
function revertPending(bench: ToolBench): LabExit {
  const hive = openSoftware(bench)?.hive;
  const root = hive?.findKey(packagesPath);
  const waiting = (hive && root ? hive.subkeys(root) : [])
    .filter(key => readPackage(new RegistryReader(hive!), key).stateNumber === installPending)
    .map(key => key.name);
  bench.volume.remove('Windows\\WinSxS\\pending.xml');
  if (hive?.findKey(`${servicing}\\SessionsPending`))
    editSoftware(bench, () => [
      { kind: 'set-value', key: `${servicing}\\SessionsPending`, name: 'Exclusive', ...number(0) },
    ]);
  return setStates(bench, waiting, staged);
}

function removeDriver({ volume }: ToolBench, name: string): LabExit {
  const inf = volume.read(`Windows\\INF\\${name}`);
  if (!inf) return ended(2, 'Error: 2', 'The driver package is not there.');
  // The lab writes into a published package which driver file it brought.
  const driver = /^ServiceBinary *= *%12%\\(\S+)$/m.exec(Buffer.from(inf).toString('latin1'))?.[1];
  if (driver !== undefined) volume.remove(`Windows\\System32\\drivers\\${driver}`);
  volume.remove(`Windows\\INF\\${name}`);
  return ended(0, succeeded, 'The operation completed successfully.');
}

function setStates(bench: ToolBench, identities: readonly string[], state: number): LabExit {
  const isDone = editSoftware(bench, () =>
    identities.map(identity => ({
      kind: 'set-value',
      key: `${packagesPath}\\${identity}`,
      name: 'CurrentState',
      ...number(state),
    })),
  );
  return isDone ? ended(0, succeeded, 'The operation completed successfully.') : ended(1009, 'Error: 1009');
}

const number = (value: number) => ({ type: valueTypes.dword, data: encodeDword(value) });
