/** The first server address that is none; undefined when all are good. */
export const findWrongServer = (servers: readonly string[]): string | undefined =>
  servers.find(one => !/^https:\/\/[A-Za-z0-9.:[\]-]{1,255}$/.test(one));

export const noTrust = {
  code: 'no-trust',
  message: 'Devices need a trust document first: bootmend trust draft, sign, trust publish.',
} as const;
