import { parseArgs } from 'node:util';

/** Evidence that a person asked about, and how the answer is wanted. */
export interface EvidenceArguments {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** Names of people and machines are replaced by pseudonyms. */
  readonly redact: boolean;
}

const flag = { type: 'boolean', default: false } as const;

/** Files, folders and archives with `--json` and `--redact`; undefined when none is named. Another option throws. */
export function readEvidenceArguments(argv: readonly string[]): EvidenceArguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: flag, redact: flag },
  });
  return positionals.length === 0 ? undefined : { ...values, paths: positionals };
}
