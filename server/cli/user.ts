import { parseArgs } from 'node:util';
import { roles } from '../../shared/api/session.ts';
import { withInstallation } from './installation.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend user add [--role ROLE]`: a one-time link by which a person makes an account. */
export async function runUser(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { role: { type: 'string', default: 'viewer' } },
  });
  if (positionals.join() !== 'add') return wrongUsage('bootmend user add [--role ROLE]');
  const role = roles.find(one => one === values.role);
  if (role === undefined)
    return failWith('no-such-role', `There is no role ${values.role}; the roles are ${roles.join(', ')}.`);
  return withInstallation(async ({ config, features }) => {
    const secret = await features.access.makeLink(role);
    const scheme = config.consoleTls ? 'https' : 'http';
    console.log(`${scheme}://${config.consoleAddress}:${config.consolePort}/welcome#${secret}`);
    console.error(`Good for 15 minutes and for one account of the role ${role}.`);
    return 0;
  });
}
