import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readPortableExecutable } from '../../../shared/portable-executable/portable-executable.ts';
import { buildCsagentCrash } from '../evidence/csagent-crash.ts';
import type { LabFault } from '../lab-fault.ts';
import type { LabTree } from '../lab-tree.ts';
import { type ChannelFile, readChannelFile } from './channel-file.ts';

const folder = 'Windows\\System32\\drivers\\CrowdStrike';
const interprocessChannel = 291;
/** Fields that the sensor hands to its interpreter; the template type defines one more. */
const suppliedFields = 20;

/**
 * The sensor as it was in July 2024: from 7.11 on it evaluates the newest channel file 291, hands in 20 fields, and
 * reads past their end when a criterion for the 21st looks at its field. It does not know our rules or scripts.
 */
export const csagentFault: LabFault = {
  find(tree) {
    const driver = tree.read(`${folder}\\csagent.sys`);
    if (!driver || !hasTemplateType(driver)) return undefined;
    const active = findActive(tree);
    const readsPastEnd = active?.instances.some(criteria =>
      criteria.slice(suppliedFields).some(criterion => criterion !== '*'),
    );
    return readsPastEnd
      ? {
          kind: 'crash',
          driver: 'csagent.sys',
          driverPath: String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`,
          buildDump: capturedAt => buildCsagentCrash({ capturedAt }),
        }
      : undefined;
  },
};

function hasTemplateType(driver: Uint8Array): boolean {
  const read = readPortableExecutable(memorySource(driver));
  const [major = 0, minor = 0] = ((read.ok && read.image.fileVersion) || '0.0').split('.').map(Number);
  return major > 7 || (major === 7 && minor >= 11);
}

/** The content the sensor uses: of all files for the channel, the one with the highest version. */
function findActive(tree: LabTree): ChannelFile | undefined {
  return tree
    .list(folder)
    .map(name => readChannelFile(tree.read(`${folder}\\${name}`) ?? new Uint8Array(0)))
    .filter(file => file?.channel === interprocessChannel)
    .sort((a, b) => (b?.version ?? 0) - (a?.version ?? 0))[0];
}
