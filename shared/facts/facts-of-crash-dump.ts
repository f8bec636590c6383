import type { CrashDump } from '../crashdump/crash-dump.ts';
import type { Facts, FactValue } from './facts.ts';

/** The facts a crash dump states. */
export function factsOfCrashDump(dump: CrashDump): Facts {
  const facts: Record<string, FactValue> = {
    'crash.code': dump.bugcheck.code,
    'crash.signature': dump.signature,
  };
  for (const [index, value] of dump.bugcheck.parameters.entries())
    facts[`crash.parameter.${index + 1}`] = value;
  const { module } = dump.culprit;
  if (module !== null) facts['crash.module'] = module.toLowerCase();
  if (module !== null && dump.culprit.confidence !== 'none')
    facts['crash.confidence'] = dump.culprit.confidence;
  if (dump.fault?.module === module && typeof dump.fault?.offset === 'string')
    facts['crash.offset'] = dump.fault.offset;
  if (dump.process !== null) facts['crash.process'] = dump.process;
  if (dump.capturedAt !== null) facts['crash.capturedAt'] = dump.capturedAt;
  if (dump.logonPhase !== undefined) facts['crash.logonPhase'] = dump.logonPhase.slice(0, 512);
  return facts;
}
