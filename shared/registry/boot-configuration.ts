import type { Hive } from './hive.ts';
import type { HiveKey } from './key-node.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

// Numbers of elements and objects: Microsoft's BCD reference (BcdBootMgrElementTypes, BcdLibraryElementTypes,
// BcdOSLoaderElementTypes). Only those that decide whether and how Windows or WinRE starts are named.
const element = {
  path: '12000002',
  description: '12000004',
  recoverySequence: '14000008',
  recoveryEnabled: '16000009',
  testSigning: '16000049',
  systemRoot: '22000002',
  default: '23000003',
  displayOrder: '24000001',
  bootSequence: '24000002',
  timeout: '25000004',
  winPe: '26000022',
  safeBoot: '25000080',
  bootLog: '26000090',
  bootStatusPolicy: '250000e0',
  disableElamDrivers: '260000e1',
} as const;

const bootManager = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';
const loaderType = 0x10200003;
const safeBoots = ['minimal', 'network', 'directory-repair'] as const;

/** One Windows, or WinRE, that the boot manager can start. */
export interface BootLoader {
  /** GUID with braces. */
  readonly id: string;
  readonly description: string | null;
  /** Loader program, as `\Windows\system32\winload.efi`. */
  readonly path: string | null;
  readonly systemRoot: string | null;
  /** Whether this is a Windows PE, as WinRE is. */
  readonly windowsPe: boolean;
  /** Whether failed starts lead to recovery; null when the store leaves it to the default. */
  readonly recoveryEnabled: boolean | null;
  /** What is started for recovery: ids of other loaders. */
  readonly recoverySequence: readonly string[];
  readonly safeBoot: (typeof safeBoots)[number] | 'unknown' | null;
  readonly bootLog: boolean | null;
  readonly testSigning: boolean | null;
  /** Number of the policy; 1 ignores all failures, so that recovery never starts. */
  readonly bootStatusPolicy: number | null;
  readonly disablesElamDrivers: boolean | null;
}

/** What a BCD store says about starting. */
export interface BootConfiguration {
  /** Id of the loader that is started when nobody chooses. */
  readonly default: string | null;
  readonly displayOrder: readonly string[];
  /** Ids for the next start alone. */
  readonly bootSequence: readonly string[];
  readonly timeoutSeconds: number | null;
  readonly loaders: readonly BootLoader[];
  readonly missing: readonly MissingSetting[];
}

/** Reads a BCD store, which is a hive too. */
export function readBootConfiguration(hive: Hive): BootConfiguration {
  const reader = new RegistryReader(hive);
  const objects = reader.getKey('Objects');
  const manager = objects && hive.findSubkey(objects, bootManager);
  const loaders = (objects ? hive.subkeys(objects) : []).filter(
    key => reader.findNumber(hive.findSubkey(key, 'Description'), 'Type') === loaderType,
  );
  const managed = new Elements(reader, manager);
  return {
    default: managed.text(element.default),
    displayOrder: managed.texts(element.displayOrder),
    bootSequence: managed.texts(element.bootSequence),
    timeoutSeconds: managed.number(element.timeout),
    loaders: loaders.map(key => readLoader(key.name, new Elements(reader, key))),
    missing: reader.missing,
  };
}

function readLoader(id: string, elements: Elements): BootLoader {
  const safeBoot = elements.number(element.safeBoot);
  return {
    id,
    description: elements.text(element.description),
    path: elements.text(element.path),
    systemRoot: elements.text(element.systemRoot),
    windowsPe: elements.flag(element.winPe) === true,
    recoveryEnabled: elements.flag(element.recoveryEnabled),
    recoverySequence: elements.texts(element.recoverySequence),
    safeBoot: safeBoot === null ? null : (safeBoots[safeBoot] ?? 'unknown'),
    bootLog: elements.flag(element.bootLog),
    testSigning: elements.flag(element.testSigning),
    bootStatusPolicy: elements.number(element.bootStatusPolicy),
    disablesElamDrivers: elements.flag(element.disableElamDrivers),
  };
}

/** Elements of one object: each is a key with a value `Element`. */
class Elements {
  readonly #reader: RegistryReader;
  readonly #key: HiveKey | undefined;

  constructor(reader: RegistryReader, object: HiveKey | undefined) {
    this.#reader = reader;
    this.#key = object && reader.hive.findSubkey(object, 'Elements');
  }

  text(number: string): string | null {
    return this.#reader.findText(this.#find(number), 'Element');
  }

  texts(number: string): readonly string[] {
    return this.#reader.findTexts(this.#find(number), 'Element') ?? [];
  }

  /** Booleans are one byte. */
  flag(number: string): boolean | null {
    const data = this.#reader.findData(this.#find(number), 'Element');
    return data === null || data.length === 0 ? null : data[0] !== 0;
  }

  /** Integers are eight bytes. */
  number(number: string): number | null {
    const data = this.#reader.findData(this.#find(number), 'Element');
    if (data === null || data.length !== 8) return null;
    return Number(new DataView(data.buffer, data.byteOffset).getBigUint64(0, true));
  }

  #find(number: string): HiveKey | undefined {
    return this.#key && this.#reader.hive.findSubkey(this.#key, number);
  }
}

/** Whether failed starts of the default loader lead to recovery, and into what; null where the store does not say. */
export function findRecovery({ default: id, loaders }: BootConfiguration): {
  readonly enabled: boolean | null;
  readonly loader: BootLoader | null;
} {
  const sameId = (one: string | null): ((loader: BootLoader) => boolean) => {
    const wanted = one?.toLowerCase();
    return loader => loader.id.toLowerCase() === wanted;
  };
  const started = loaders.find(sameId(id));
  if (!started) return { enabled: null, loader: null };
  const ignoresFailures = started.bootStatusPolicy === 1;
  const loader = loaders.find(sameId(started.recoverySequence[0] ?? null)) ?? null;
  return { enabled: ignoresFailures ? false : started.recoveryEnabled, loader };
}
