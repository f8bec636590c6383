import type { BugcheckReading } from './bugcheck.ts';
import { isCoreModule } from './core-modules.ts';
import type { Culprit, Fault, Suspect } from './crash-dump.ts';
import type { LoadedModule, ModuleMap } from './modules.ts';
import type { NamedDriver } from './named-driver.ts';
import type { Frame } from './stack.ts';

/** Everything the verdict is drawn from. */
export interface Evidence {
  readonly bugcheck: BugcheckReading;
  readonly process: string | undefined;
  readonly modules: readonly LoadedModule[];
  readonly map: ModuleMap;
  readonly named: NamedDriver | undefined;
  readonly faultFrom: Fault['from'] | undefined;
  readonly fault: Frame | undefined;
  /** Frames below the fault. */
  readonly callers: readonly Frame[];
}

const nobody = (because: string): Culprit => ({ module: null, confidence: 'none', because });

/** Names the module to blame: the one at the fault, else the nearest on the stack that is no core part of Windows. */
export function findCulprit(evidence: Evidence): Culprit {
  const innocent = explainInnocence(evidence);
  if (innocent !== undefined) return nobody(innocent);

  const { fault, faultFrom, bugcheck } = evidence;
  if (evidence.modules.length === 0)
    return nobody('no list of modules could be read, so no address has a name');
  if (evidence.named && !isCoreModule(evidence.named.module)) return evidence.named;
  const faulted = faultFrom === 'header-context' ? undefined : fault?.place;
  if (faulted && !isCoreModule(faulted.name)) {
    const because = faulted.module
      ? 'the faulting instruction lies in it'
      : 'the faulting instruction lies where it was before it was unloaded';
    return { module: faulted.name, confidence: 'high', because };
  }
  const pointedAt = bugcheck.parameter(bugcheck.knowledge?.driverAddress);
  const driver = pointedAt === undefined ? undefined : evidence.map.find(pointedAt);
  if (driver && !isCoreModule(driver.name)) {
    return { module: driver.name, confidence: 'high', because: 'the bugcheck itself points into it' };
  }
  const caller = evidence.callers.find(isForeign);
  const where = faulted ? `the fault lies in ${faulted.name}` : 'the place of the fault is not known';
  if (caller?.place) {
    const certain = caller.certainty === 'certain';
    return {
      module: caller.place.name,
      confidence: certain ? 'medium' : 'low',
      because: `${where}, and it is the nearest module on the stack that is no core part of Windows`,
    };
  }
  return nobody(`${where}, and only core parts of Windows were found on the stack`);
}

/** Why no driver is to blame, when the bugcheck is of that kind. */
function explainInnocence({ bugcheck, process }: Evidence): string | undefined {
  const { knowledge } = bugcheck;
  if (!knowledge || isDriverSubcode(bugcheck)) return undefined;
  switch (knowledge.blame) {
    case 'driver':
      return undefined;
    case 'hardware':
      return 'this bugcheck tells of hardware or memory; the code that met the damage is not its cause';
    case 'disk':
      return 'this bugcheck tells of the disk or its contents; no driver is named by it';
    case 'registry':
      return 'this bugcheck tells of a damaged registry; no driver is named by it';
    case 'process':
      return `this bugcheck tells that a process ended${process === undefined ? '' : `; ${process} was running`}`;
    case 'system':
      return 'this bugcheck tells of a missing or damaged part of Windows; no driver is named by it';
    case 'person':
      return 'a person stopped Windows; nothing crashed';
    default:
      return knowledge.blame satisfies never;
  }
}

/** Kinds of MEMORY_MANAGEMENT that come from the driver that called, not from hardware. */
const callerSubcodes: readonly bigint[] = [0x1233n, 0x1234n, 0x1235n, 0x1236n, 0x4477n, 0x61946n];
const isDriverSubcode = (bugcheck: BugcheckReading) =>
  bugcheck.code === 0x1a && callerSubcodes.includes(bugcheck.subcode ?? 0n);

const isForeign = (frame: Frame) =>
  frame.certainty !== 'unlikely' && frame.place !== undefined && !isCoreModule(frame.place.name);

const maxOfEachKind = 5;

/** Names weaker candidates, the better reasons first; none for bugchecks that blame no driver. */
export function findSuspects(evidence: Evidence, culprit: Culprit, capturedAt: string | null): Suspect[] {
  if (explainInnocence(evidence) !== undefined) return [];
  const onStack = evidence.callers.filter(isForeign).map(frame => frame.place!.name);
  const byFullPath = evidence.modules.filter(isLoadedByFullPath).map(module => module.name);
  const datedLast = evidence.modules.findLast(module => isForeignBuild(module, capturedAt));

  const suspects = new Map<string, string>();
  const add = (names: readonly string[], because: string) => {
    const fresh = [...new Set(names)].filter(name => name !== culprit.module && !suspects.has(name));
    for (const name of fresh.slice(0, maxOfEachKind)) suspects.set(name, because);
  };
  add(onStack, 'its addresses stand on the stack of the crash');
  add(byFullPath.reverse(), 'it was loaded by its full path, as programs do it and Windows does not');
  add(
    datedLast ? [datedLast.name] : [],
    'it was loaded last of the drivers that seem not to be part of Windows',
  );
  return Array.from(suspects, ([module, because]) => ({ module, because }));
}

/** Windows names its drivers from \SystemRoot; a bare name, as kernel-written dumps have it, tells nothing. */
const isLoadedByFullPath = ({ path, name }: LoadedModule) => path.startsWith('\\??\\') && !isCoreModule(name);

const earliestLinkSeconds = Date.UTC(2005, 0) / 1000;

/**
 * Drivers of Windows itself are built reproducibly and have a hash where others have the date of linking, so a
 * plausible date hints at another maker. A hash looks like a date one time in seven: a hint, no more.
 */
function isForeignBuild(module: LoadedModule, capturedAt: string | null): boolean {
  const latest = capturedAt === null ? undefined : Date.parse(capturedAt) / 1000;
  const { timeDateStamp, name } = module;
  return (
    latest !== undefined &&
    timeDateStamp > earliestLinkSeconds &&
    timeDateStamp <= latest &&
    !isCoreModule(name)
  );
}
