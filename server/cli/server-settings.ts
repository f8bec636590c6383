import { proxyAddress } from '../../shared/winre/agent-settings.ts';

/** The first server address that is none; undefined when all are good. */
export const findWrongServer = (servers: readonly string[]): string | undefined =>
  servers.find(one => !/^https:\/\/[A-Za-z0-9.:[\]-]{1,255}$/.test(one));

/** Whether a proxy is none, as one with a password would be. */
export const isWrongProxy = (proxy: string | undefined): boolean =>
  proxy !== undefined && !proxyAddress.safeParse(proxy).success;

export const wrongProxy = {
  code: 'not-a-proxy',
  message: 'A proxy is HOST:PORT, without a user name and a password: whoever has the disk could read them.',
} as const;

export const noTrust = {
  code: 'no-trust',
  message: 'Devices need a trust document first: bootmend trust draft, sign, trust publish.',
} as const;
