import type { VirtualAddress } from '../bytes/byte-source.ts';
import type { BugcheckReading } from './bugcheck.ts';
import { moduleStem } from './core-modules.ts';
import type { Culprit } from './crash-dump.ts';
import {
  type KernelObject,
  deviceInStackLocation,
  deviceObject64,
  driverObject64,
  request64,
} from './layout.ts';
import { type Memory, readPointer } from './memory.ts';
import type { LoadedModule, ModuleMap } from './modules.ts';
import { viewOf } from './words.ts';

/** A driver that a bugcheck leads to by other means than an address inside of it. */
export interface NamedDriver extends Culprit {
  readonly module: string;
}

/** Finds the driver that holds a request Windows waited for, or whose service the bugcheck spells out. */
export function findNamedDriver(
  bugcheck: BugcheckReading,
  memory: Memory,
  modules: readonly LoadedModule[],
  map: ModuleMap,
): NamedDriver | undefined {
  const { request, serviceName } = bugcheck.knowledge ?? {};
  if (request && bugcheck.subcode === request.whenSubcode) {
    const start = findRequestHolder(memory, bugcheck.parameter(request.parameter) ?? 0n);
    const module = start === undefined ? undefined : map.findLoaded(start)?.name;
    const because = 'the request that Windows waited for in vain lies with it';
    if (module !== undefined) return { module, confidence: 'high', because };
  }
  const letters = lettersOf(bugcheck.parameter(serviceName) ?? 0n);
  const spelled = letters && modules.find(module => moduleStem(module.name).startsWith(letters));
  const because = 'the bugcheck spells out the first letters of its service';
  return spelled ? { module: spelled.name, confidence: 'medium', because } : undefined;
}

/** Where the image of the driver starts that a request waits for: request, its current place, device, driver. */
function findRequestHolder(memory: Memory, request: VirtualAddress): VirtualAddress | undefined {
  const stackLocation = readField(memory, request, request64);
  const device =
    stackLocation === undefined
      ? undefined
      : readPointer(memory, stackLocation + BigInt(deviceInStackLocation));
  const driver = device === undefined ? undefined : readField(memory, device, deviceObject64);
  return driver === undefined ? undefined : readField(memory, driver, driverObject64);
}

/** The pointer in an object that leads on; undefined when the memory holds an object of another type. */
function readField(
  memory: Memory,
  address: VirtualAddress,
  object: KernelObject,
): VirtualAddress | undefined {
  const type = memory.read(address, 2)?.bytes;
  if (!type || viewOf(type).getUint16(0, true) !== object.type) return undefined;
  return readPointer(memory, address + BigInt(object.pointer));
}

/** Text that a bugcheck carries in a number, its first letter lowest. */
function lettersOf(value: bigint): string | undefined {
  let text = '';
  for (let rest = value; rest > 0n; rest >>= 8n) text += String.fromCharCode(Number(rest & 0xffn));
  return /^[A-Za-z0-9_-]{3,8}$/.test(text) ? text.toLowerCase() : undefined;
}
