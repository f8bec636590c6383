import type { SingleCondition } from './condition-tree.ts';
import type { Action } from './syntax-tree.ts';

/**
 * The first version of the agent that knows each action and each condition. An older one cannot read a script that
 * says it and refuses it whole. What is added later stands here with the version that brings it.
 */
export const firstAgents: Readonly<Record<Action['verb'] | SingleCondition['kind'], string>> = {
  delete: '0.1.0', rename: '0.1.0', copy: '0.1.0', restore: '0.1.0', disable: '0.1.0', enable: '0.1.0',
  'set registry': '0.1.0', 'remove registry': '0.1.0', 'remove registry key': '0.1.0',
  'add registry entry': '0.1.0', 'remove registry entry': '0.1.0', 'remove filter entry': '0.1.0',
  'add filter entry': '0.1.0', 'roll back known issue': '0.1.0', 'restore hive': '0.1.0',
  'replay hives': '0.1.0', 'clear transaction logs': '0.1.0', 'set boot option': '0.1.0',
  'clear boot option': '0.1.0', 'repair system files': '0.1.0', 'repair file system': '0.1.0',
  'repair boot files': '0.1.0', 'remove package': '0.1.0', 'remove update': '0.1.0',
  'remove driver package': '0.1.0', 'revert pending updates': '0.1.0', run: '0.1.0', collect: '0.1.0',
  message: '0.1.0',
  file: '0.1.0', 'driver-version': '0.1.0', 'service-start': '0.1.0', 'filter-names': '0.1.0',
  'registry-value': '0.1.0', 'registry-entry': '0.1.0', 'registry-key': '0.1.0', 'crash-module': '0.1.0',
  'crash-code': '0.1.0', 'crash-process': '0.1.0', 'windows-build': '0.1.0', 'windows-revision': '0.1.0',
  'windows-kind': '0.1.0', 'update-state': '0.1.0', 'package-state': '0.1.0', 'free-space': '0.1.0',
}; // prettier-ignore
