import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

const starts = ['boot', 'system', 'auto', 'demand', 'disabled'] as const;
const errorControls = ['ignore', 'normal', 'severe', 'critical'] as const;

/** When Windows starts a service; `unknown` for a number without a meaning. */
export type ServiceStart = (typeof starts)[number] | 'unknown';
/** What a service is: the first two run in the kernel. */
export type ServiceKind = 'kernel-driver' | 'file-system-driver' | 'program' | 'other';

/** A service or driver as the hive sets it up. */
export interface Service {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly start: ServiceStart;
  /**
   * What `StartOverride` makes of it: for a boot driver that Windows found to be of no use on its old hardware. A
   * storage driver with it does not load on a new controller, whatever `start` says.
   */
  readonly startOverride: ServiceStart | null;
  readonly group: string | null;
  /** Order within the group. */
  readonly tag: number | null;
  /** As written: relative to the Windows directory, or with `\SystemRoot\`, `\??\` or a variable. */
  readonly imagePath: string | null;
  readonly displayName: string | null;
  /** What a failure to load means; `critical` stops the start. */
  readonly errorControl: (typeof errorControls)[number] | 'unknown';
  readonly dependsOn: readonly string[];
  /** Last change of the key. */
  readonly writtenAt: string | null;
}

/** All services of a control set. */
export interface Services {
  /** In the order of their names. */
  readonly services: readonly Service[];
  /** Groups in the order in which Windows loads them. */
  readonly groupOrder: readonly string[];
  readonly missing: readonly MissingSetting[];
}

/** Reads the services and drivers of a control set (`ControlSet001`). */
export function readServices(hive: Hive, controlSet: string): Services {
  const reader = new RegistryReader(hive);
  const root = reader.getKey(`${controlSet}\\Services`);
  const services: Service[] = [];
  for (const key of root ? hive.subkeys(root) : []) {
    const type = reader.findNumber(key, 'Type');
    // Keys without a type hold settings of something that is no service.
    if (type === null) continue;
    const override = reader.findNumber(hive.findSubkey(key, 'StartOverride'), '0');
    const errorControl = reader.findNumber(key, 'ErrorControl');
    services.push({
      name: key.name,
      kind: kindOf(type),
      start: startOf(reader.findNumber(key, 'Start')),
      startOverride: override === null ? null : startOf(override),
      group: reader.findText(key, 'Group'),
      tag: reader.findNumber(key, 'Tag'),
      imagePath: reader.findText(key, 'ImagePath'),
      displayName: reader.findText(key, 'DisplayName'),
      errorControl: errorControls[errorControl ?? -1] ?? 'unknown',
      dependsOn: reader.findTexts(key, 'DependOnService') ?? [],
      writtenAt: key.writtenAt,
    });
  }
  const groupOrder = reader.getTexts(`${controlSet}\\Control\\ServiceGroupOrder`, 'List') ?? [];
  return { services, groupOrder, missing: reader.missing };
}

/** Drivers that the boot loader loads, in the order of their groups; inside a group Windows goes by tag. */
export function bootDrivers({ services, groupOrder }: Services): readonly Service[] {
  const places = new Map(groupOrder.map((group, at) => [group.toLowerCase(), at]));
  const placeOf = (service: Service): number =>
    places.get(service.group?.toLowerCase() ?? '') ?? groupOrder.length;
  return services
    .filter(
      ({ kind, start }) => start === 'boot' && (kind === 'kernel-driver' || kind === 'file-system-driver'),
    )
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.tag ?? Infinity) - (b.tag ?? Infinity) || 0);
}

const startOf = (start: number | null): ServiceStart => starts[start ?? -1] ?? 'unknown';

function kindOf(type: number): ServiceKind {
  if (type & 1) return 'kernel-driver';
  if (type & 2) return 'file-system-driver';
  return type & 0x30 ? 'program' : 'other';
}
