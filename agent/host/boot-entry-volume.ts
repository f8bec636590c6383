import { textOfUtf16 } from '../../shared/bytes/utf16.ts';
import type { NativeCalls } from './native-calls.ts';

// Names of the boot configuration as Windows loads it; element numbers of bcdedit: default and osdevice.
const objects = 'BCD00000000\\Objects';
const bootManager = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';
const defaultEntry = '23000003';
const osDevice = '21000001';

const partitionDevice = 6;
const guidPartition = 0;
const fixedDrive = 3;

/**
 * The root of the volume that the default boot entry starts Windows from; undefined when it cannot be read or names no
 * GUID partition. The element is 16 bytes of options, then kind (4), flags (4), size (8), the partition's GUID (16),
 * 4 bytes and the partition style (4).
 */
export function readBootEntryVolume(native: NativeCalls): string | undefined {
  const entry = native.registryValue(`${objects}\\${bootManager}\\Elements\\${defaultEntry}`, 'Element');
  if (!entry) return undefined;
  const id = textOfUtf16(entry.bytes).replace(/\0.*$/s, '');
  if (!/^\{[0-9a-f-]{36}\}$/i.test(id)) return undefined;
  const device = native.registryValue(`${objects}\\${id}\\Elements\\${osDevice}`, 'Element');
  const partition = device && partitionOfDevice(device.bytes);
  return partition && findVolume(native, partition);
}

/** The GUID of the partition that a device element names, as it lies on disk. */
export function partitionOfDevice(element: Uint8Array): Uint8Array | undefined {
  if (element.length < 56) return undefined;
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  if (view.getUint32(16, true) !== partitionDevice || view.getUint32(52, true) !== guidPartition)
    return undefined;
  return element.slice(32, 48);
}

function findVolume(native: NativeCalls, partition: Uint8Array): string | undefined {
  for (const { root, driveType } of native.volumes()) {
    if (driveType !== fixedDrive) continue;
    try {
      const { partitionId } = native.volumePartition(`\\\\.\\${root.slice(0, 2)}`);
      if (partitionId?.every((byte, index) => byte === partition[index])) return root;
    } catch {
      // A drive that does not tell its partition is not the one.
    }
  }
  return undefined;
}
