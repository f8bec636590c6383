import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { type ImageSettings, parseImageSettings } from '../../shared/winre/agent-settings.ts';
import { readRecoverySettings } from '../../shared/winre/read-recovery-settings.ts';
import { readAllowedPrograms } from './allowed-program-flags.ts';
import { addToImage } from './image/add-to-image.ts';
import { imageText, additionText } from './image/image-text.ts';
import { inspectImage } from './image/inspect-image.ts';
import { withInstallation } from './installation.ts';
import { builtAgent } from '../built-agent.ts';
import { findWrongServer, isWrongProxy, noTrust, wrongProxy } from './server-settings.ts';
import { processTerminal, reportFailure, type Terminal, wrongUsage } from './terminal.ts';

type Problem = { readonly code: string; readonly message: string };

/**
 * `bootmend image add` puts the agent into a WIM of the recovery environment, without Windows; `image inspect` says
 * what is in one. `inspect` exits with 0 only when a machine that starts from the image runs the agent first.
 */
export async function runImage(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('image', terminal);
  const { verb, wim, index, values } = asked;
  const fail = (problem: Problem) => {
    reportFailure(terminal, values.json, problem);
    return 1;
  };
  if (!existsSync(wim)) return fail({ code: 'not-found', message: `There is no file ${wim}.` });
  if (verb === 'inspect') {
    const inspected = await inspectImage(wim, index);
    if (!inspected.ok) return fail(inspected.problem);
    terminal.out(
      values.json
        ? `${JSON.stringify(inspected.value, null, 2)}\n`
        : imageText(wim, inspected.value, terminal),
    );
    return inspected.value.findings.some(one => one.weight === 'broken') ? 1 : 0;
  }

  const agentFile = values.agent ?? builtAgent;
  if (!existsSync(agentFile)) {
    const message = `There is no agent at ${agentFile}; name one with --agent FILE.`;
    return fail({ code: 'agent-missing', message });
  }
  if (isWrongProxy(values.proxy)) return fail(wrongProxy);
  const settings = await settingsFor(values);
  if ('code' in settings) return fail(settings);
  const bundleFile = values.offline;
  if (bundleFile !== undefined && !existsSync(bundleFile))
    return fail({ code: 'not-found', message: `There is no file ${bundleFile}.` });
  const added = await addToImage({
    wim,
    index,
    agent: readFileSync(agentFile),
    settings,
    ...(bundleFile !== undefined && { offlineBundle: readFileSync(bundleFile) }),
  });
  if (!added.ok) return fail(added.problem);
  terminal.out(values.json ? `${JSON.stringify(added.added, null, 2)}\n` : additionText(wim, added.added));
  return 0;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      agent: { type: 'string' },
      'allow-program': { type: 'string', multiple: true, default: [] },
      bundle: { type: 'string' },
      'help-desk': { type: 'string' },
      index: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      offline: { type: 'string' },
      proxy: { type: 'string' },
      rescue: { type: 'boolean', default: false },
      server: { type: 'string', multiple: true, default: [] },
      token: { type: 'string' },
      wifi: { type: 'string' },
    },
  });
  const [verb, wim, ...more] = positionals;
  const index = Number(values.index);
  if ((verb !== 'add' && verb !== 'inspect') || wim === undefined || more.length > 0) return undefined;
  if (!Number.isInteger(index) || index < 1) return undefined;
  if (verb === 'add' && (values.bundle === undefined) === (values.server.length === 0)) return undefined;
  return { verb, wim, index, values } as const;
}

type Values = NonNullable<ReturnType<typeof readArguments>>['values'];

/** The settings for the image: from a bundle that `token new --image` made, or from this installation. */
async function settingsFor(values: Values): Promise<ImageSettings | Problem> {
  const wifi = values.wifi === undefined ? undefined : readWifi(values.wifi);
  if (wifi && 'code' in wifi) return wifi;
  const programs = readAllowedPrograms(values['allow-program']);
  if (!programs.ok) return programs.problem;
  const base = values.bundle === undefined ? await ownSettings(values) : readJson(values.bundle);
  if (typeof base === 'object' && base !== null && 'code' in base && 'message' in base)
    return base as Problem;
  const input = {
    ...(base as object),
    version: 1,
    purpose: values.rescue ? 'rescue' : 'recovery',
    ...(values.proxy !== undefined && { proxy: values.proxy }),
    ...(wifi && { wifi: wifi.networks }),
    ...(programs.value && { programs: programs.value }),
  };
  const parsed = parseImageSettings(input);
  return parsed.ok ? parsed.value : { code: 'settings-invalid', message: parsed.problem.message };
}

async function ownSettings({ server, token, 'help-desk': helpDesk }: Values): Promise<object> {
  const wrong = findWrongServer(server);
  if (wrong !== undefined)
    return { code: 'not-an-address', message: `${wrong}: an address is https://HOST:PORT.` };
  let result: object = noTrust;
  await withInstallation(async installation => {
    const settings = await installation.features.bundles.settings(installation.config.organizationId, {
      servers: server,
      helpDesk,
    });
    if (settings) result = { ...settings, ...(token !== undefined && { token }) };
    return 0;
  });
  return result;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { code: 'bundle-unreadable', message: `${file} is no bundle of bootmend token new.` };
  }
}

/** Wi-Fi from a settings file of reagentc; the passwords go into the image, so the admin named the file on purpose. */
function readWifi(file: string): { readonly networks: object } | Problem {
  if (!existsSync(file)) return { code: 'not-found', message: `There is no file ${file}.` };
  const read = readRecoverySettings(textOfUtf8(readFileSync(file)).text);
  if (read.ok) return { networks: read.settings.wifi };
  const [first] = read.problems;
  return {
    code: first?.code ?? 'settings-invalid',
    message: `${file}:${first?.line}:${first?.column}: ${first?.message}`,
  };
}
