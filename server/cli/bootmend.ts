// `npm run -s bootmend -- COMMAND …`: the admin's command line.
import { printable } from '../../shared/bytes/printable.ts';
import { findNearWord } from '../../shared/remediation/near-word.ts';
import { commandGroups, commands } from './command-table.ts';
import { runCommand } from './run-command.ts';
import { alignColumns, processTerminal as terminal } from './terminal.ts';
import { type CommandName, commandNames } from './usage.ts';

const helpWords: readonly string[] = ['help', '--help', '-h'];

function sayHelp(): string {
  const groups = commandGroups.map(([title, names]) => {
    const rows = alignColumns(names.map(name => [name.padEnd(13), commands[name].summary]));
    return `${title}\n${rows.join('\n')}\n`;
  });
  return [
    'bootmend: read what a failed start left behind, write the fix, sign it\n',
    ...groups,
    'How a command is called: bootmend COMMAND --help\n',
  ].join('\n');
}

const findCommand = (given: string | undefined): CommandName | undefined =>
  commandNames.find(name => name === given);

function refuseCommand(given: string): number {
  const near = findNearWord(given, commandNames);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  terminal.error(
    `no-such-command: bootmend has no command ${printable(given)}.${meant}\nAll commands: bootmend --help\n`,
  );
  return 2;
}

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === undefined) {
    terminal.error(sayHelp());
    return 2;
  }
  const asksHelp = helpWords.includes(first);
  const given = asksHelp ? rest[0] : first;
  if (given === undefined) {
    terminal.out(sayHelp());
    return 0;
  }
  const name = findCommand(given);
  if (name === undefined) return refuseCommand(given);
  return runCommand(name, commands[name], asksHelp ? ['--help'] : rest, terminal);
}

// A reader that has seen enough, as head, closes the pipe: the rest of the answer is not wanted, and nothing is wrong.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await main(process.argv.slice(2));
