import { readBootEntryVolume } from './boot-entry-volume.ts';
import type { HostMachine, HostVolume, PowerState } from './host.ts';
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
  const isRecovery = native.registryKeys(miniWindowsKey) !== undefined;
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
    readBootEntryVolume: () => (isRecovery ? readBootEntryVolume(native) : ownRoot),
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

/** Whether BitLocker protects a volume that can be read is not to be seen here; the tools tell. */
const volumeOf = ({ root, windowsError }: NativeVolume): HostVolume => ({
  root,
  bitLocker: windowsError === lockedVolume ? 'locked' : 'unknown',
});

function powerOf({ line, batteryPercent }: ReturnType<NativeCalls['powerStatus']>): PowerState {
  const source = line === 1 ? 'mains' : line === 0 ? 'battery' : 'unknown';
  return batteryPercent === unknownPercent ? { source } : { source, percent: batteryPercent };
}
