import type { VolumeView } from '../../facts/volume-view.ts';
import {
  decodeNumber,
  decodeText,
  decodeTextList,
  isText,
  nameOfType,
  valueTypes,
} from '../../registry/value-type.ts';
import { type HiveName, OfflineRegistry } from '../offline-registry.ts';
import type { PlannedChange, PlannedStep } from '../plan.ts';
import type { PlannedVolume } from './planned-volume.ts';

/** One thing that is different afterwards. Absent `before` or `after`: it is not there. */
export type Difference =
  | {
      readonly kind: 'file';
      readonly line: number;
      readonly path: string;
      /** Where the file is afterwards; absent when it goes into quarantine. */
      readonly toPath?: string;
      readonly sizeBytes: number;
      readonly writtenAt: string;
    }
  | {
      readonly kind: 'registry-value';
      readonly line: number;
      readonly hive: HiveName;
      readonly key: string;
      readonly name: string;
      readonly before?: string;
      readonly after?: string;
    }
  | { readonly kind: 'other'; readonly line: number; readonly what: string };

const mostBytes = 4096;
const mostTextLength = 200;

/** What a plan changes, file by file and value by value, as the volume is now and as it would be. */
export function listDifferences(
  steps: readonly PlannedStep[],
  before: VolumeView,
  after: PlannedVolume,
): readonly Difference[] {
  const registries = { before: new OfflineRegistry(before), after: new OfflineRegistry(after) };
  return steps.flatMap(({ line, changes }) => changes.map(change => differenceOf(line, change, registries)));
}

function differenceOf(
  line: number,
  change: PlannedChange,
  registries: { readonly before: OfflineRegistry; readonly after: OfflineRegistry },
): Difference {
  switch (change.kind) {
    case 'delete':
    case 'rename': {
      const { path, toPath, sizeBytes, writtenAtMs } = change;
      const writtenAt = new Date(writtenAtMs).toISOString();
      return { kind: 'file', line, path, ...(toPath !== undefined && { toPath }), sizeBytes, writtenAt };
    }
    case 'edit-registry': {
      const { hive, edit } = change;
      if (!('name' in edit)) return { kind: 'other', line, what: `HKLM\\${hive}\\${change.what}` };
      const was = sayValue(registries.before, hive, edit.key, edit.name);
      const is = sayValue(registries.after, hive, edit.key, edit.name);
      return {
        kind: 'registry-value',
        line,
        hive,
        key: edit.key,
        name: edit.name,
        ...(was !== undefined && { before: was }),
        ...(is !== undefined && { after: is }),
      };
    }
    case 'copy': {
      const { path, fromPath, copiedBytes, replaces } = change;
      const how = replaces ? 'is replaced by a copy of' : 'is new, a copy of';
      return { kind: 'other', line, what: `${path} ${how} ${fromPath} (${copiedBytes} bytes)` };
    }
    case 'collect-evidence':
      return { kind: 'other', line, what: `the report brings the ${change.what}` };
    case 'show-message':
      return { kind: 'other', line, what: `the screen says "${change.what}" for ${change.seconds} seconds` };
    case 'swap-hive':
      return { kind: 'other', line, what: change.what };
    case 'run-tool':
      return { kind: 'other', line, what: `${change.run.tool}: ${change.what}` };
    default:
      return change satisfies never;
  }
}

/** A value with its type in words; undefined when it is absent. */
function sayValue(registry: OfflineRegistry, name: HiveName, key: string, value: string): string | undefined {
  const opened = registry.open(name);
  const node = opened.ok ? opened.recovered.hive.findKey(key) : undefined;
  const found = opened.ok && node ? opened.recovered.hive.findValue(node, value) : undefined;
  if (!opened.ok || !found) return undefined;
  const data = opened.recovered.hive.dataOf(found, mostBytes);
  return `${nameOfType(found.type)} ${clip(sayData(found.type, data, found.sizeBytes))}`;
}

function sayData(type: number, data: Uint8Array, sizeBytes: number): string {
  const number = decodeNumber(type, data);
  if (number !== undefined) return String(number);
  if (isText(type)) return `"${decodeText(data)}"`;
  if (type === valueTypes.textList)
    return (
      decodeTextList(data)
        .map(text => `"${text}"`)
        .join(', ') || 'empty'
    );
  return `${sizeBytes} bytes`;
}

const clip = (text: string) =>
  text.length <= mostTextLength ? text : `${text.slice(0, mostTextLength - 1)}…`;
