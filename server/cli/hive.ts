import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ByteSource } from '../../shared/bytes/byte-source.ts';
import { describeHive } from '../../shared/registry/describe-hive.ts';
import type { LogName } from '../../shared/registry/hive-problem.ts';
import { type HiveLogs, type RecoveryResult, recoverHive } from '../../shared/registry/recover-hive.ts';
import { withFile } from './file-source.ts';
import { renderKey, renderHive, showKey } from './hive-text.ts';
import { painter, processTerminal, reportFailure, type Terminal } from './terminal.ts';

/**
 * `bootmend hive FILE [--json] [--key PATH]`: what a registry hive says, with the logs beside it replayed, or what one
 * of its keys holds. Changes nothing. Gives the exit code.
 */
export async function runHive(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) {
    terminal.error('Usage: bootmend hive FILE [--json] [--key PATH]\n');
    return 2;
  }
  const { file, json, key: keyPath } = asked;
  const read = withFile(file, source =>
    withLogs(findLogs(file), {}, logs => {
      const recovered = recoverHive(source, logs);
      if (!recovered.ok) return { recovered, answer: undefined };
      const answer =
        keyPath === undefined
          ? { description: describeHive(recovered) }
          : { key: showKey(recovered.hive, keyPath) };
      return { recovered, answer };
    }),
  );
  if (read.problem) reportFailure(terminal, json && !read.ok, read.problem);
  if (!read.ok) return 1;
  const { recovered, answer } = read.value;
  if (!recovered.ok || !answer) return refuse(terminal, json, file, recovered);
  const paint = painter(terminal);
  if (answer.description) {
    const { description } = answer;
    terminal.out(json ? document(description) : `${renderHive(description, paint).join('\n')}\n`);
    return 0;
  }
  if (!answer.key) {
    const message = `the hive has no key ${keyPath}; a path starts below the root, as Select or ControlSet001\\Services`;
    reportFailure(terminal, json, { code: 'key-absent', message, place: file });
    return 1;
  }
  terminal.out(json ? document(answer.key) : `${renderKey(answer.key, paint).join('\n')}\n`);
  return 0;
}

function refuse(terminal: Terminal, json: boolean, file: string, recovered: RecoveryResult): number {
  if (recovered.ok) return 0;
  const { code, message, offset, structure } = recovered.problem;
  reportFailure(terminal, json, { code, message, place: `${file}, ${structure} at offset ${offset}` });
  return 1;
}

function readArguments(argv: readonly string[]): { file: string; json: boolean; key?: string } | undefined {
  const rest = argv.filter(argument => argument !== '--json');
  const json = rest.length < argv.length;
  const at = rest.indexOf('--key');
  const [key] = at < 0 ? [] : rest.splice(at, 2).slice(1);
  const [file, ...more] = rest;
  if (file === undefined || file.startsWith('--') || more.length > 0 || (at >= 0 && key === undefined))
    return undefined;
  return { file, json, ...(key === undefined ? {} : { key }) };
}

/** The logs that lie beside a hive, by the names that Windows gives them, in whatever case they were copied. */
function findLogs(file: string): readonly (readonly [LogName, string])[] {
  const folder = path.dirname(file);
  const wanted = new Map<string, LogName>(
    (['LOG', 'LOG1', 'LOG2'] as const).map(name => [`${path.basename(file)}.${name}`.toLowerCase(), name]),
  );
  try {
    return readdirSync(folder).flatMap(entry => {
      const name = wanted.get(entry.toLowerCase());
      return name ? [[name, path.join(folder, entry)] as const] : [];
    });
  } catch {
    return [];
  }
}

/** Opens logs for the time of `use`; one that cannot be read is left out, as if it were not there. */
function withLogs<Value>(
  files: readonly (readonly [LogName, string])[],
  logs: HiveLogs,
  use: (logs: HiveLogs) => Value,
): Value {
  const [next, ...rest] = files;
  if (!next) return use(logs);
  const [name, file] = next;
  const opened = withFile(file, (source: ByteSource) => withLogs(rest, { ...logs, [name]: source }, use));
  return opened.ok ? opened.value : withLogs(rest, logs, use);
}

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
