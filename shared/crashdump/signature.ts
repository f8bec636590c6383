import { hexNumber } from '../bytes/hex-number.ts';
import { accessViolation, plainCode } from './bugcheck.ts';
import { isCoreModule, moduleStem } from './core-modules.ts';
import type { Culprit } from './crash-dump.ts';
import type { Evidence } from './culprit.ts';

/**
 * The bucket of a crash: `code|kind|operation|module|place@build`, `-` for what is not known. It holds nothing that
 * changes between machines, starts or memory layouts; the place counts from the start of the module's build.
 */
export function signatureOf(evidence: Evidence, culprit: Culprit): string {
  const { bugcheck } = evidence;
  const parts = [
    hexNumber(plainCode(bugcheck.code)),
    bugcheck.subcode === undefined ? '-' : hexNumber(bugcheck.subcode),
    bugcheck.operation ?? '-',
    ...bucketPlace(evidence, culprit),
  ];
  return parts.join('|');
}

function bucketPlace(evidence: Evidence, culprit: Culprit): [module: string, place: string] {
  const { fault, faultFrom, bugcheck, process } = evidence;
  const blame = bugcheck.knowledge?.blame ?? 'driver';
  if (blame === 'process') return [process?.toLowerCase() ?? '-', '-'];
  if (culprit.module === null && blame !== 'driver') return ['-', '-'];
  const place = faultFrom === 'header-context' ? undefined : fault?.place;
  const module = culprit.module ?? place?.name;
  if (module === undefined) return ['-', '-'];
  // A culprit found on the stack has no exact place: which of its words is found first changes from crash to crash.
  if (place?.name !== module) return [moduleStem(module), '-'];
  const { module: build, offset } = place;
  const identity = build ? `@${hexNumber(build.timeDateStamp)}-${hexNumber(build.sizeBytes)}` : '';
  return [moduleStem(module), `${hexNumber(offset)}${identity}`];
}

/** Names the crash as WinDbg does: `AV_csagent!unknown_function`. A label for people, never a key. */
export function labelOf(evidence: Evidence, culprit: Culprit): string {
  const { bugcheck, process, fault, faultFrom } = evidence;
  const code = `0x${plainCode(bugcheck.code).toString(16).toUpperCase()}`;
  const place = faultFrom === 'header-context' ? undefined : fault?.place;
  const blame = bugcheck.knowledge?.blame ?? 'driver';
  if (blame === 'process')
    return `${code}_${process ?? 'unknown'}_BUGCHECK_${bugcheck.knowledge?.name ?? ''}`;
  if (bugcheck.code === 0x4a && place === undefined && culprit.module === null) {
    return `RAISED_IRQL_FAULT_${process ?? 'unknown'}_nt!unknown_function`;
  }
  const subcode = bugcheck.subcode === undefined ? '' : `_${bugcheck.subcode.toString(16)}`;
  const crashClass = violationClass(evidence) ?? `${code}${subcode}`;
  if (culprit.module === null && (blame !== 'driver' || evidence.modules.length === 0)) return crashClass;
  const module = culprit.module ?? (place && isCoreModule(place.name) ? place.name : 'ntoskrnl.exe');
  return `${crashClass}_${moduleLabel(module)}!unknown_function`;
}

const violationCodes: ReadonlySet<number> = new Set([0x0a, 0x50, 0xd1, 0xd5, 0xd6]);

function violationClass({ bugcheck }: Evidence): string | undefined {
  const violates = violationCodes.has(bugcheck.code) || bugcheck.exceptionCode === accessViolation;
  if (!violates) return undefined;
  if (bugcheck.operation === 'write') return 'AV_W';
  return bugcheck.operation === 'execute' ? 'AV_CODE_AV_BAD_IP' : 'AV';
}

/** As the module is written, without extension. */
const moduleLabel = (name: string) => (moduleStem(name) === 'nt' ? 'nt' : name.replace(/\.[A-Za-z]{3}$/, ''));
