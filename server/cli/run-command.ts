import { findNearWord } from '../../shared/remediation/near-word.ts';
import { ConfigError } from '../config.ts';
import { DatabaseUnavailable } from '../db/database-unavailable.ts';
import { Refusal } from '../http/refusal.ts';
import type { Command } from './command-table.ts';
import { fileTroubleOf } from './file-trouble.ts';
import { KeyFileError } from './key-file.ts';
import { reportFailure, type Terminal, wrongUsage } from './terminal.ts';
import { type CommandName, optionsOf, sayUsage } from './usage.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
}

/**
 * Runs one command. `--help` says how it is called; whatever goes wrong becomes a sentence that says what to do next,
 * never a stack trace. The result is the exit code: 0 when the thing asked for is true, 1 when not, 2 for a wrong call.
 */
export async function runCommand(
  name: CommandName,
  command: Command,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    terminal.out(`${command.summary}\n\n${sayUsage(name)}`);
    return 0;
  }
  const json = argv.includes('--json');
  try {
    return await command.run(argv);
  } catch (error) {
    const mistake = sayWrongOption(name, error);
    if (mistake === undefined) {
      reportFailure(terminal, json, sayFailure(error));
      return 1;
    }
    reportFailure(terminal, json, { code: 'wrong-option', message: mistake });
    return wrongUsage(name, terminal);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What `parseArgs` did not take, in our words; undefined when the error is another one. */
function sayWrongOption(name: CommandName, error: unknown): string | undefined {
  if (!(error instanceof Error) || !codeOf(error).startsWith('ERR_PARSE_ARGS_')) return undefined;
  const about = /'([^' ]*)[^']*'/.exec(error.message)?.[1] ?? '';
  if (codeOf(error) === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `${name} does not expect ${about}.`;
  if (codeOf(error) !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return `${about} ${error.message.includes('does not take') ? 'takes no value' : 'needs a value'}.`;
  const near = findNearWord(about, optionsOf(name));
  return `${name} has no option ${about}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

function sayFailure(error: unknown): Failure {
  if (error instanceof Refusal || error instanceof KeyFileError) return error;
  if (error instanceof ConfigError) return { code: 'settings-wrong', message: error.message };
  if (error instanceof DatabaseUnavailable)
    return {
      code: 'database-unavailable',
      message: `${error.message} Is PostgreSQL at DATABASE_URL up? bootmend doctor looks at the whole installation.`,
    };
  return fileTroubleOf(error) ?? sayFault(error);
}

/** What nobody foresaw. Where it came from is of use to developers alone. */
function sayFault(error: unknown): Failure {
  const isDebugging = process.env['BOOTMEND_LOG_LEVEL'] === 'debug';
  const text = error instanceof Error ? (isDebugging && error.stack) || error.message : String(error);
  const hint = isDebugging ? '' : ' (BOOTMEND_LOG_LEVEL=debug shows where)';
  return { code: 'unexpected', message: `${text}${hint}` };
}
