import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadLabMachines } from './lab-machines.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend lab list` and `bootmend lab make ID --to DIR`: broken machines as folders. */
export async function runLab(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { to: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [verb, id, ...more] = positionals;
  const machines = await loadLabMachines();
  if (verb === 'list' && id === undefined) {
    const list = machines.map(({ id: name, title }) => ({ id: name, title }));
    if (values.json) console.log(JSON.stringify(list));
    else for (const { id: name, title } of list) console.log(`${name.padEnd(36)} ${title}`);
    return 0;
  }
  if (verb !== 'make' || id === undefined || values.to === undefined || more.length > 0)
    return wrongUsage('lab');
  const machine = machines.find(one => one.id === id);
  if (!machine)
    return failWith('no-such-machine', `There is no lab machine ${id}; "bootmend lab list" shows them.`);
  if (existsSync(values.to)) return failWith('already-exists', `${values.to} exists; name a new folder.`);
  await machine.build(values.to);
  console.log(
    `${machine.title}\nThe machine is in ${values.to}: drive C in C, its firmware in machine.json.`,
  );
  return 0;
}
