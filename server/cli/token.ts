import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readAllowedPrograms } from './allowed-program-flags.ts';
import { withInstallation } from './installation.ts';
import { findWrongServer, isWrongProxy, noTrust, wrongProxy } from './server-settings.ts';
import { failWith, wrongUsage } from './terminal.ts';

/** `bootmend token new`: a provisioning bundle with an enrolment token, for machines that shall be healed one day. */
export async function runToken(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      bundle: { type: 'string' },
      server: { type: 'string', multiple: true, default: [] },
      uses: { type: 'string', default: '1' },
      days: { type: 'string', default: '7' },
      image: { type: 'boolean', default: false },
      'help-desk': { type: 'string' },
      'allow-program': { type: 'string', multiple: true, default: [] },
      proxy: { type: 'string' },
    },
  });
  const { bundle, server: servers, image, proxy } = values;
  const [uses, days] = [Number(values.uses), Number(values.days)];
  const fits = Number.isInteger(uses) && uses >= 1 && uses <= 100_000 && days >= 1 && days <= 366;
  if (positionals.join() !== 'new' || bundle === undefined || servers.length === 0 || !fits)
    return wrongUsage('token');
  const wrong = findWrongServer(servers);
  if (wrong !== undefined) return failWith('not-an-address', `${wrong}: an address is https://HOST:PORT.`);
  if (isWrongProxy(proxy)) return failWith(wrongProxy.code, wrongProxy.message);

  const programs = readAllowedPrograms(values['allow-program']);
  if (!programs.ok) return failWith(programs.problem.code, programs.problem.message);

  return withInstallation(async ({ features, config }) => {
    const { organizationId } = config;
    if (!(await features.bundles.canEnrol(organizationId))) return failWith(noTrust.code, noTrust.message);
    const helpDesk = values['help-desk'];
    const content = await features.bundles.create(
      { organizationId, actor: 'command-line' },
      {
        servers,
        kind: image ? 'image' : 'device',
        uses,
        days,
        ...(helpDesk !== undefined && { helpDesk }),
        ...(proxy !== undefined && { proxy }),
      },
    );
    const whole = { ...content, ...(programs.value && { programs: programs.value }) };
    writeFileSync(bundle, `${JSON.stringify(whole, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    console.log(
      `The bundle is in ${bundle}. It lets ${uses === 1 ? 'one machine' : `${uses} machines`} in for ${days} days.`,
    );
    return 0;
  });
}
