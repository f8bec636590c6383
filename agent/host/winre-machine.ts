import { readBootEntryVolume } from './boot-entry-volume.ts';
import type { HostMachine, HostVolume, ImagePlace, PowerState } from './host.ts';
import { isLibraryMissing } from './library-missing.ts';
import type { NativeCalls, NativeVolume } from './native-calls.ts';
import { readSmbiosSystem } from './smbios.ts';

/** The key that marks a running Windows PE, WinRE among them. */
const miniWindowsKey = 'SYSTEM\\CurrentControlSet\\Control\\MiniNT';
const fixedDrive = 3;
/** FVE_E_LOCKED_VOLUME. */
const lockedVolume = 0x80310000;
const unknownPercent = 255;
const rebootTimeoutMs = 60_000;

/** The machine by the calls of the C host. */
export function createWinreMachine(native: NativeCalls): HostMachine {
  const systemDirectory = native.systemDirectory();
  const ownRoot = systemDirectory.slice(0, 3).toUpperCase();
  // Windows PE alone has X:, which tells where the registry cannot.
  const isRecovery = unlessMissing(
    () => native.registryKeys(miniWindowsKey) !== undefined,
    ownRoot === 'X:\\',
  );
  return {
    readEnvironment: () => (isRecovery ? 'recovery' : 'windows'),
    readIdentity: () => ({
      ...readSmbiosSystem(native.firmwareTable() ?? new Uint8Array(0)),
      name: native.computerName(),
    }),
    // Windows tells nobody why it started WinRE; the files of the volumes do.
    readStartReason: () => undefined,
    readPower: () => powerOf(native.powerStatus()),
    listVolumes: () =>
      native
        .volumes()
        .filter(({ root, driveType }) => driveType === fixedDrive && !(isRecovery && root === ownRoot))
        .map(volumeOf),
    readBootEntryVolume: () =>
      isRecovery ? unlessMissing(() => readBootEntryVolume(native), undefined) : ownRoot,
    readImagePlace: (startBytes, path) => findImagePlace(native, startBytes, path),
    reboot() {
      const [program, ...words] = isRecovery ? ['wpeutil', 'Reboot'] : ['shutdown', '/r', '/t', '0'];
      native.processStart([`${systemDirectory}\\${program}.exe`, ...words]);
      const deadlineMs = native.monotonicMs() + rebootTimeoutMs;
      while (!native.processRead().ended && native.monotonicMs() < deadlineMs);
    },
    // The process ends; what started it, winpeshl, goes on to the menu.
    handOver: () => undefined,
  };
}

/** What holds where the library that a call needs is missing: that costs the call and not the run. */
function unlessMissing<Value>(call: () => Value, otherwise: Value): Value {
  try {
    return call();
  } catch (error) {
    if (!isLibraryMissing(error)) throw error;
    return otherwise;
  }
}

/** Whether BitLocker protects a volume that can be read is not to be seen here; the tools tell. */
const volumeOf = ({ root, windowsError }: NativeVolume): HostVolume => ({
  root,
  bitLocker: windowsError === lockedVolume ? 'locked' : 'unknown',
});

/** Windows numbers disks from 0 and their partitions from 1; reagentc names the place of WinRE in the same way. */
const [mostDisks, mostPartitions] = [8, 16];

function findImagePlace(native: NativeCalls, startBytes: number, path: string): ImagePlace | undefined {
  const found: ImagePlace[] = [];
  for (let disk = 0; disk < mostDisks; disk++)
    for (let number = 1; number <= mostPartitions; number++)
      try {
        const device = `\\\\?\\GLOBALROOT\\Device\\Harddisk${disk}\\Partition${number}`;
        if (native.volumePartition(device).startBytes !== startBytes) continue;
        const image = native.fileEntry(device + path);
        const { windowsError, freeBytes } = native.volume(`${device}\\`);
        if (image && windowsError === 0) found.push({ imageBytes: image.sizeBytes, freeBytes });
      } catch {
        // There is no such partition, or it does not tell where it begins.
      }
  return found.length === 1 ? found[0] : undefined;
}

function powerOf({ line, batteryPercent }: ReturnType<NativeCalls['powerStatus']>): PowerState {
  const source = line === 1 ? 'mains' : line === 0 ? 'battery' : 'unknown';
  return batteryPercent === unknownPercent ? { source } : { source, percent: batteryPercent };
}
