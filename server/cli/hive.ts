import { describeHive } from '../../shared/registry/describe-hive.ts';
import { type RecoveryResult, recoverHive } from '../../shared/registry/recover-hive.ts';
import { type EvidenceArguments, readEvidenceArguments } from './evidence/evidence-arguments.ts';
import { findSingleFile } from './evidence/find-evidence.ts';
import { findLogs, withLogs } from './evidence/hive-logs.ts';
import { type Redaction, redactionFor } from './evidence/redaction.ts';
import { type Manner, runOnMany } from './evidence/run-on-many.ts';
import { withFile } from './file-source.ts';
import { renderKey, renderHive, showKey } from './hive-text.ts';
import { painter, processTerminal, reportFailure, type Terminal, wrongUsage } from './terminal.ts';

/**
 * `bootmend hive PATH… [--json] [--redact] [--key PATH]`: what registry hives say, with the logs beside them replayed,
 * or what one key of one hive holds. Changes nothing. Gives the exit code.
 */
export async function runHive(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('hive', terminal);
  const { json, key: keyPath } = asked;
  const file = keyPath === undefined ? findSingleFile(asked.paths) : asked.paths[0];
  if (file === undefined) return runOnMany(asked, manner, terminal);
  const redaction = redactionFor(asked.redact, terminal);
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
  if (read.problem) reportFailure(redaction.terminal, json && !read.ok, redaction.value(read.problem));
  if (!read.ok) return 1;
  const { recovered, answer } = read.value;
  if (!recovered.ok || !answer) return refuse(redaction, json, file, recovered);
  const paint = painter(terminal);
  if (answer.description) {
    const description = redaction.value(answer.description);
    terminal.out(json ? document(description) : `${renderHive(description, paint).join('\n')}\n`);
    return read.problem ? 1 : 0;
  }
  if (!answer.key) {
    const message = `the hive has no key ${keyPath}; a path starts below the root, as Select or ControlSet001\\Services`;
    reportFailure(redaction.terminal, json, redaction.value({ code: 'key-absent', message, place: file }));
    return 1;
  }
  const key = redaction.value(answer.key);
  terminal.out(json ? document(key) : `${renderKey(key, paint).join('\n')}\n`);
  return read.problem ? 1 : 0;
}

const manner: Manner = {
  isWanted: kind => kind === 'hive',
  render: (evidence, paint) => (evidence.kind === 'hive' ? renderHive(evidence.reading, paint) : []),
};

function refuse(redaction: Redaction, json: boolean, file: string, recovered: RecoveryResult): number {
  if (recovered.ok) return 0;
  const { code, message, offset, structure } = recovered.problem;
  const problem = { code, message, place: `${file}, ${structure} at offset ${offset}` };
  reportFailure(redaction.terminal, json, redaction.value(problem));
  return 1;
}

function readArguments(argv: readonly string[]): (EvidenceArguments & { readonly key?: string }) | undefined {
  const rest = [...argv];
  const at = rest.indexOf('--key');
  if (at < 0) return readEvidenceArguments(rest);
  const [, key] = rest.splice(at, 2);
  const asked = readEvidenceArguments(rest);
  return asked?.paths.length === 1 && key !== undefined ? { ...asked, key } : undefined;
}

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
