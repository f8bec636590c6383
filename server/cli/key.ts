import { parseArgs } from 'node:util';
import { askPassphrase } from './ask-passphrase.ts';
import { createKeyFile, publicFileOf } from './key-file.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend key new FILE --owner NAME`: makes an approver key. */
export async function runKey(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { owner: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [verb, file] = positionals;
  if (verb !== 'new' || file === undefined || values.owner === undefined) {
    return wrongUsage('key');
  }
  const passphrase = await askPassphrase('Passphrase for the new key: ');
  if (passphrase.length < 12) {
    return failWith('passphrase-too-short', 'Take at least 12 characters.');
  }
  const key = createKeyFile(file, values.owner, passphrase);
  if (values.json) {
    console.log(JSON.stringify(key));
    return 0;
  }
  console.log(
    `Key ${key.keyId} of ${key.owner} is in ${file}: keep it and its passphrase apart from the server.`,
  );
  console.log(`Its public half, for "trust draft", is in ${publicFileOf(file)}.`);
  return 0;
}
