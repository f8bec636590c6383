import type { Hive } from './hive.ts';
import { RegistryReader } from './registry-reader.ts';

/** An IPv4 address that this machine last had, with what is needed to use it again. */
export interface NetworkAddress {
  readonly kind: 'lease' | 'static';
  readonly address: string;
  readonly mask: string;
  readonly gateway: string | null;
  readonly nameServers: readonly string[];
  /** When the lease was taken, milliseconds since 1970; null for a static address. */
  readonly obtainedAtMs: number | null;
}

const maxInterfaces = 64;
const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const address = new RegExp(`^${octet}(\\.${octet}){3}$`);
/** Addresses that say that there is no network: none, link-local, loopback. */
const useless = /^(0|127|169\.254)\./;

/**
 * Reads from a SYSTEM hive which IPv4 addresses the network interfaces last had: static ones first, then leases, the
 * newest first. They are right as long as the network is the same, and none of them needs a DHCP server.
 */
export function readNetworkAddresses(hive: Hive, controlSet: string): readonly NetworkAddress[] {
  const reader = new RegistryReader(hive);
  const interfaces = hive.findKey(`${controlSet}\\Services\\Tcpip\\Parameters\\Interfaces`);
  if (!interfaces) return [];
  const found = hive
    .subkeys(interfaces)
    .slice(0, maxInterfaces)
    .flatMap((key): NetworkAddress[] => {
      const text = (name: string) => usable(reader.findText(key, name));
      const first = (name: string) => usable(reader.findTexts(key, name)?.[0] ?? null);
      if (reader.findNumber(key, 'EnableDHCP') === 0) {
        const [ip, mask] = [first('IPAddress'), first('SubnetMask')];
        if (ip === null || mask === null || useless.test(ip)) return [];
        const nameServers = addressesIn(reader.findText(key, 'NameServer'));
        return [
          {
            kind: 'static',
            address: ip,
            mask,
            gateway: first('DefaultGateway'),
            nameServers,
            obtainedAtMs: null,
          },
        ];
      }
      const [ip, mask] = [text('DhcpIPAddress'), text('DhcpSubnetMask')];
      if (ip === null || mask === null || useless.test(ip)) return [];
      const obtained = reader.findNumber(key, 'LeaseObtainedTime');
      return [
        {
          kind: 'lease',
          address: ip,
          mask,
          gateway: first('DhcpDefaultGateway'),
          nameServers: addressesIn(reader.findText(key, 'DhcpNameServer')),
          obtainedAtMs: obtained === null ? null : obtained * 1000,
        },
      ];
    });
  const rank = ({ kind, obtainedAtMs }: NetworkAddress) =>
    kind === 'static' ? Infinity : (obtainedAtMs ?? 0);
  return found.toSorted((a, b) => rank(b) - rank(a));
}

const usable = (text: string | null): string | null => (text !== null && address.test(text) ? text : null);

const addressesIn = (text: string | null): readonly string[] =>
  (text ?? '')
    .split(/[ ,]+/)
    .filter(one => address.test(one) && !useless.test(one))
    .slice(0, 3);
