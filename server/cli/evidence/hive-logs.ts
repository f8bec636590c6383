import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { LogName } from '../../../shared/registry/hive-problem.ts';
import type { HiveLogs } from '../../../shared/registry/recover-hive.ts';
import { withFile } from '../file-source.ts';

const logNames: readonly LogName[] = ['LOG', 'LOG1', 'LOG2'];

/** Which log of a hive a file is, by the names that Windows gives them, in whatever case they were copied. */
export function findLogName(hiveName: string, fileName: string): LogName | undefined {
  const folded = fileName.toLowerCase();
  return logNames.find(name => `${hiveName}.${name}`.toLowerCase() === folded);
}

/** The logs that lie beside a hive. */
export function findLogs(file: string): readonly (readonly [LogName, string])[] {
  const folder = path.dirname(file);
  try {
    return readdirSync(folder).flatMap(entry => {
      const name = findLogName(path.basename(file), entry);
      return name ? [[name, path.join(folder, entry)] as const] : [];
    });
  } catch {
    return [];
  }
}

/** Opens logs for the time of `use`; one that cannot be read is left out, as if it were not there. */
export function withLogs<Value>(
  files: readonly (readonly [LogName, string])[],
  logs: HiveLogs,
  use: (logs: HiveLogs) => Value,
): Value {
  const [next, ...rest] = files;
  if (!next) return use(logs);
  const [name, file] = next;
  const opened = withFile(file, source => withLogs(rest, { ...logs, [name]: source }, use));
  return opened.ok ? opened.value : withLogs(rest, logs, use);
}
