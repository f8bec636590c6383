import { type XmlTag, xmlTagsOf } from '../bootlog/xml-tags.ts';

/**
 * What ReAgent.xml says about the recovery environment of a Windows: where it is and what it was asked to do next.
 * Source: real files; Microsoft documents none of it.
 */
export interface RecoveryAgentConfiguration {
  /** `InstallState`: 1 when the environment is enabled. */
  readonly isEnabled?: boolean;
  /** Folder of winre.wim on its partition, as `\Recovery\WindowsRE`. */
  readonly imagePath?: string;
  /** Byte offset of the partition on its disk. */
  readonly partitionOffsetBytes?: string;
  /** Something other than idle is asked of the next start: Reset, a remote wipe, another tool. */
  readonly hasScheduledOperation: boolean;
  readonly scheduledOperation?: number;
}

/** Values of `ScheduledOperation` that stand in files of machines to which nothing was asked. */
const idleOperations: readonly number[] = [4, 5];
const maxLength = 64 * 1024;

/** Reads ReAgent.xml; undefined when the text is no such file, or only a part of one. */
export function readRecoveryAgentConfiguration(text: string): RecoveryAgentConfiguration | undefined {
  if (text.length > maxLength) return undefined;
  const tags = new Map<string, ReadonlyMap<string, string>>();
  let isClosed = false;
  for (const tag of xmlTagsOf(text)) {
    if (tag.kind === 'broken' || tag.kind === 'declaration') return undefined;
    if (tag.kind === 'end') isClosed ||= tag.name === 'WindowsRE';
    else if (!take(tags, tag)) return undefined;
  }
  if (!isClosed) return undefined;
  const scheduled = numberOf(tags.get('ScheduledOperation')?.get('state'));
  const operationParameter = tags.get('OperationParam')?.get('path') ?? '';
  const path = tags.get('WinreLocation')?.get('path');
  const offset = tags.get('WinreLocation')?.get('offset');
  const installState = tags.get('InstallState')?.get('state');
  return {
    ...(installState !== undefined && { isEnabled: installState === '1' }),
    ...(path !== undefined && path !== '' && { imagePath: path }),
    ...(offset !== undefined && { partitionOffsetBytes: offset }),
    ...(scheduled !== undefined && { scheduledOperation: scheduled }),
    hasScheduledOperation:
      operationParameter !== '' || (scheduled !== undefined && !idleOperations.includes(scheduled)),
  };
}

/** False when the root is another. The first element of a name counts. */
function take(
  tags: Map<string, ReadonlyMap<string, string>>,
  tag: Extract<XmlTag, { readonly kind: 'start' }>,
): boolean {
  if (tags.size === 0 && tag.name !== 'WindowsRE') return false;
  if (!tags.has(tag.name)) tags.set(tag.name, tag.attributes);
  return true;
}

const numberOf = (text: string | undefined) =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
