import type { HostTools, ToolRequest, ToolResult } from '../../host/host.ts';
import { noTools } from '../../host/no-tools.ts';

/** A wireless network in reach of the machine. */
export interface LabWifi {
  readonly ssid: string;
  readonly password: string;
  readonly security: 'WPA2PSK' | 'WPA3SAE';
}

export interface LabNetworkOptions {
  /** What hangs at the Ethernet socket: a network with DHCP, one on which only this address works, or nothing. */
  readonly ethernet?: 'dhcp' | { readonly address: string; readonly gateway: string };
  /** Whether the image has the driver of the wireless adapter. */
  readonly hasWifi?: boolean;
  readonly wifi?: readonly LabWifi[];
  /** Reads a file that the agent wrote. */
  readonly readFile: (path: string) => string;
}

const ended = (exitCode: number, output = ''): ToolResult => ({
  kind: 'ended',
  exitCode,
  output,
  truncated: false,
});

/** As a German Windows prints it: nothing in it may be matched by words. */
const interfaceTable = `
Idx     Met         MTU          Status                 Name
---  ----------  ----------  --------------  ---------------------------
  1          75  4294967295  verbunden       Loopback Pseudo-Interface 1
  7          25        1500  verbunden       Ethernet
`;

/**
 * wpeutil, net and netsh of a recovery environment whose network can be this or that. They take only the arguments
 * that Microsoft's pages name; everything else is noted in `mistakes` and fails.
 */
export class LabNetwork {
  readonly mistakes: string[] = [];
  readonly #options: LabNetworkOptions;
  readonly #profiles = new Map<string, LabWifi>();
  #initialized = false;
  #serviceRuns = false;
  #joined: string | undefined;
  #address: string | undefined;

  constructor(options: LabNetworkOptions) {
    this.#options = options;
  }

  /** Whether the machine has an address now. */
  isUp(): boolean {
    if (!this.#initialized) return false;
    const { ethernet } = this.#options;
    if (ethernet === 'dhcp' || this.#joined !== undefined) return true;
    return ethernet !== undefined && this.#address === ethernet.address;
  }

  /** Names of the profiles that are stored now. */
  get profiles(): readonly string[] {
    return [...this.#profiles.keys()];
  }

  readonly tools: HostTools = { ...noTools, run: async request => this.#run(request) };

  #run(request: ToolRequest): ToolResult {
    const line = request.arguments.join(' ');
    if (request.tool === 'netsh')
      return request.arguments[0] === 'wlan' ? this.#wlan(request) : this.#ipv4(request);
    if (request.tool === 'wpeutil' && line.toLowerCase() === 'initializenetwork') {
      this.#initialized = true;
      return ended(0);
    }
    if (request.tool !== 'net' || line !== 'start wlansvc') return this.#mistake(request);
    if (this.#serviceRuns) return ended(2);
    this.#serviceRuns = this.#options.hasWifi ?? false;
    return ended(this.#serviceRuns ? 0 : 2);
  }

  #wlan(request: ToolRequest): ToolResult {
    const [, ...words] = request.arguments;
    const line = words.join(' ');
    if (!this.#serviceRuns)
      return ended(1, 'Der automatische WLAN-Konfigurationsdienst (wlansvc) wird nicht ausgeführt.');
    if (line === 'show interfaces') return ended(0);
    if (line === 'disconnect') {
      this.#joined = undefined;
      return ended(0);
    }
    const [verb, what, ...rest] = words;
    if (verb === 'add' && what === 'profile' && rest.length === 2 && rest[1] === 'user=all') {
      const file = /^filename=(.+)$/.exec(rest[0]!)?.[1];
      const profile = file === undefined ? undefined : readProfile(this.#options.readFile(file));
      if (!profile) return this.#mistake(request);
      this.#profiles.set(profile.ssid, profile);
      return ended(0);
    }
    const name = /^name=(.+)$/.exec((verb === 'connect' ? what : rest[0]) ?? '')?.[1];
    if (name === undefined) return this.#mistake(request);
    if (verb === 'delete' && what === 'profile' && rest.length === 1)
      return ended(this.#profiles.delete(name) ? 0 : 1);
    if (verb !== 'connect' || rest.length > 0) return this.#mistake(request);
    const profile = this.#profiles.get(name);
    if (!profile) return ended(1);
    const isRight = (this.#options.wifi ?? []).some(
      one => one.ssid === name && one.password === profile.password && one.security === profile.security,
    );
    // Asking succeeds also for a network that then refuses the password.
    if (isRight) this.#joined = name;
    return ended(0);
  }

  #ipv4(request: ToolRequest): ToolResult {
    const line = request.arguments.join(' ');
    if (line === 'interface ipv4 show interfaces') return ended(0, interfaceTable);
    const ip = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
    const set = new RegExp(
      `^interface ipv4 set address name=7 source=static address=(${ip}) mask=${ip}(?: gateway=${ip})?$`,
    ).exec(line);
    if (set) {
      this.#address = set[1];
      return ended(0);
    }
    if (line === 'interface ipv4 set address name=7 source=dhcp') {
      this.#address = undefined;
      return ended(0);
    }
    const dns = new RegExp(
      `^interface ipv4 (?:set dnsservers name=7 source=static|add dnsservers name=7) address=${ip} validate=no$`,
    );
    return dns.test(line) ? ended(0) : this.#mistake(request);
  }

  #mistake({ tool, arguments: args }: ToolRequest): ToolResult {
    this.mistakes.push([tool, ...args].join(' '));
    return ended(1);
  }
}

/** What a WLAN profile says, read by its places and not by its writer. */
function readProfile(xml: string): LabWifi | undefined {
  const text = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
  const hex = text('hex');
  const security = text('authentication');
  const password = text('keyMaterial');
  if (hex === undefined || password === undefined || text('encryption') !== 'AES') return undefined;
  if (security !== 'WPA2PSK' && security !== 'WPA3SAE') return undefined;
  const resolved = password
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
  return { ssid: Buffer.from(hex, 'hex').toString(), password: resolved, security };
}
