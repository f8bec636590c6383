import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * The passphrase of a key: from `BOOTMEND_PASSPHRASE`, or typed on a terminal without echo.
 * It is never an argument, because other users can read a process's arguments.
 */
export async function askPassphrase(prompt: string): Promise<string> {
  const given = process.env.BOOTMEND_PASSPHRASE;
  if (given !== undefined) return given;
  if (!process.stdin.isTTY)
    throw new Error('No terminal to ask for the passphrase: set BOOTMEND_PASSPHRASE in the environment.');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(prompt);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
