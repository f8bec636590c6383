import { readImageSettings } from '../../core/image-settings.ts';
import { waitForAddress } from '../../core/network/bring-up-network.ts';
import { initializeNetwork, listInterfaces, startWifi } from '../../core/network/network-tools.ts';
import type { Host } from '../../host/host.ts';
import { counted, type FieldStep, type Found, judged, notTried, seen } from './field-step.ts';

const addressMs = 60_000;
const answerMs = 15_000;
/** What no key has. */
const nobodysPin = '0'.repeat(64);

/** The way to the server. */
export const networkSteps: readonly FieldStep[] = [
  {
    step: 'network',
    claim: 'The network comes up within the time allowed',
    run: async ({ host }) => {
      const startedAtMs = host.clock.monotonicMs();
      const upBefore = host.network.hasAddress();
      const initialized =
        upBefore || host.machine.readEnvironment() === 'windows' ? upBefore : await initializeNetwork(host);
      const isUp = upBefore || (await waitForAddress(host, addressMs, Infinity)) === 'up';
      const afterMs = Math.round(host.clock.monotonicMs() - startedAtMs);
      const words = isUp
        ? upBefore
          ? 'it was up'
          : `after ${seconds(afterMs)}`
        : `not within ${seconds(afterMs)}`;
      return judged(isUp, words, { upBefore, initialized, afterMs });
    },
  },
  {
    step: 'netsh-tables',
    claim: 'The tables of netsh have their columns in the known order',
    run: async ({ host }) => {
      const request = {
        tool: 'netsh',
        arguments: ['interface', 'ipv4', 'show', 'interfaces'],
        timeoutMs: 30_000,
      } as const;
      const result = await host.tools.run(request);
      if (result.kind !== 'ended') return notTried('netsh did not end');
      const lines = result.output.split(/\r?\n/).filter(line => /\d/.test(line));
      // The names of interfaces are people's; what stands where is all that is told.
      const shapes = lines.map(line =>
        line
          .trim()
          .split(/\s+/)
          .map(word => (/^\d+$/.test(word) ? 'number' : 'word'))
          .join(' '),
      );
      const usable = await listInterfaces(host);
      return judged(
        usable.length > 0,
        `${counted(usable.length, 'interface')} of ${counted(lines.length, 'line')}`,
        {
          shapes,
          usable: usable.length,
        },
      );
    },
  },
  {
    step: 'wifi-service',
    claim: 'The service for wireless networks starts in WinRE',
    run: async ({ host }) => {
      if (host.machine.readEnvironment() === 'windows') return notTried('only in the recovery environment');
      const speaks = await startWifi(host);
      return seen(speaks ? 'it runs, with an adapter' : 'no adapter, no driver or no service', { speaks });
    },
  },
  {
    step: 'pinned-server',
    claim: 'A server with the pinned key answers, one with another is refused',
    run: ({ host }) => askServers(host),
  },
];

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

/** Addresses of servers name an organization, so they are told by number. */
async function askServers(host: Host): Promise<Found> {
  const settings = readImageSettings(host);
  if (!settings) return notTried('there are no settings in this image');
  const { proxy, pins } = settings;
  const answers: Record<string, string> = {};
  let answered: (typeof ways)[number] | undefined;
  const ways = settings.servers.flatMap((server, at) => [
    ...(proxy === undefined ? [] : [{ name: `server ${at + 1} through the proxy`, server, proxy }]),
    { name: `server ${at + 1}`, server },
  ]);
  for (const way of ways) {
    const result = await ask(host, way, pins);
    answers[way.name] = result.ok ? `status ${result.status}` : result.failure.code;
    if (result.ok) answered ??= way;
  }
  if (!answered) return judged(false, Object.values(answers).join(', '), { answers });
  const wrong = await ask(host, answered, [nobodysPin]);
  const withAnotherPin = wrong.ok ? `status ${wrong.status}` : wrong.failure.code;
  return judged(
    withAnotherPin === 'pin-mismatch',
    `${answered.name} answers; with another key: ${withAnotherPin}`,
    { answers, withAnotherPin },
  );
}

/** An unsigned check-in of nothing: every server refuses it, and learns nothing. */
const ask = (host: Host, { server, proxy }: { server: string; proxy?: string }, pins: readonly string[]) =>
  host.network.request({
    server,
    ...(proxy !== undefined && { proxy }),
    method: 'POST',
    path: '/v1/check-in',
    headers: {},
    body: new Uint8Array(0),
    pins,
    timeoutMs: answerMs,
  });
