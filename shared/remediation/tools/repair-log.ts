import { readLogTail } from '../../bootlog/log-tail.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';

/** What SFC wrote about its repair. `silent`: nothing that decides. */
export type RepairLog =
  { readonly kind: 'repaired' | 'silent' } | { readonly kind: 'unrepaired'; readonly file: string };

// Source: Microsoft KB928228, how to analyze the log file entries that SFC generates. SFC marks its lines with [SR] and
// writes them in English whatever the language of Windows. It checks in groups of a hundred components; what it cannot
// repair is named while a group is checked and again, with the reason, when its turn to be repaired has come.
const mark = '[SR]';
const verifying = /\[SR\] (?:Verify|Repair) complete/;
const repairing = /\[SR\] Repairing \d+/;
const unrepaired = /\[SR\] Cannot repair member file (?:\[[^\]]*\])?["']([^"']+)["']/;

/** Reads the log of an offline repair: what could not be repaired in the last round counts. */
export function judgeRepairLog(source: ByteSource): RepairLog {
  const lines = readLogTail(source).lines.filter(line => line.includes(mark));
  const lastRound = lines.findLastIndex(line => repairing.test(line));
  const left = lines.slice(Math.max(0, lastRound)).map(line => unrepaired.exec(line)?.[1]);
  const file = left.find(one => one !== undefined);
  if (file !== undefined) return { kind: 'unrepaired', file };
  return { kind: lines.some(line => verifying.test(line)) ? 'repaired' : 'silent' };
}
