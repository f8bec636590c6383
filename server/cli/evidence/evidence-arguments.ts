/** Evidence that a person asked about, and how the answer is wanted. */
export interface EvidenceArguments {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** Names of people and machines are replaced by pseudonyms. */
  readonly redact: boolean;
}

/** Files, folders and archives with `--json` and `--redact`; undefined when none is named or another option is given. */
export function readEvidenceArguments(argv: readonly string[]): EvidenceArguments | undefined {
  const paths = argv.filter(argument => argument !== '--json' && argument !== '--redact');
  if (paths.length === 0 || paths.some(path => path.startsWith('--'))) return undefined;
  return { paths, json: argv.includes('--json'), redact: argv.includes('--redact') };
}
