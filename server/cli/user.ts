import { parseArgs } from 'node:util';
import { roles } from '../../shared/api/session.ts';
import type { Config } from '../config.ts';
import { type PublicPlace, publicAddress } from '../http/public-place.ts';
import { withInstallation } from './installation.ts';
import { failWith, wrongUsage } from './terminal.ts';

/**
 * `bootmend user add [--role ROLE]`: a one-time link by which a person makes an account.
 * `bootmend user second-factor NAME`: a new secret for the authenticator of an account, shown this one time.
 */
export async function runUser(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { role: { type: 'string', default: 'viewer' } },
  });
  const [verb, name, ...more] = positionals;
  if (verb === 'second-factor' && name !== undefined && more.length === 0) return secondFactor(name);
  if (positionals.join() !== 'add') return wrongUsage('user');
  const role = roles.find(one => one === values.role);
  if (role === undefined)
    return failWith('no-such-role', `There is no role ${values.role}; the roles are ${roles.join(', ')}.`);
  return withInstallation(async ({ config, features }) => {
    const secret = await features.access.makeLink(role);
    console.log(publicAddress(placeOf(config), `welcome#${secret}`));
    console.error(`Good for 15 minutes and for one account of the role ${role}.`);
    return 0;
  });
}

function placeOf({ publicPlace, consoleTls, consoleAddress, consolePort }: Config): PublicPlace {
  const scheme = consoleTls ? 'https' : 'http';
  return (
    publicPlace ?? {
      origin: `${scheme}://${consoleAddress}:${consolePort}`,
      path: '/',
      isSecure: !!consoleTls,
    }
  );
}

async function secondFactor(name: string): Promise<number> {
  return withInstallation(async ({ config, features }) => {
    const secret = await features.secondFactor.renew(config.organizationId, name, 'command-line');
    const label = encodeURIComponent(`Bootmend:${name}`);
    console.log(`otpauth://totp/${label}?secret=${secret}&issuer=Bootmend`);
    console.error('Put this into an authenticator now; it is not shown again. An earlier one stops working.');
    return 0;
  });
}
