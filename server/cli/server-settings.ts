import type { Envelope } from '../../shared/trust/envelope.ts';
import type { Installation } from './installation.ts';

/** What every machine of this installation must know: whom to believe and where the server is. */
export interface InstallationSettings {
  readonly organization: string;
  readonly servers: string[];
  readonly pins: string[];
  readonly trust: Envelope;
  readonly helpDesk?: string;
  readonly settings: { readonly waitIntervalMinutes: number; readonly totalWaitMinutes: number };
}

/** The first server address that is none; undefined when all are good. */
export const findWrongServer = (servers: readonly string[]): string | undefined =>
  servers.find(one => !/^https:\/\/[A-Za-z0-9.:[\]-]{1,255}$/.test(one));

/** Draws the settings for machines from an installation; undefined while it has no trust document. */
export async function settingsOfInstallation(
  { config, features, pin }: Installation,
  servers: readonly string[],
  helpDesk: string | undefined,
): Promise<InstallationSettings | undefined> {
  const { organizationId } = config;
  const [trust] = (await features.trust.chainSince(organizationId, 0)).slice(-1);
  if (!trust) return undefined;
  return {
    organization: organizationId,
    servers: [...servers],
    pins: [pin],
    trust,
    ...(helpDesk !== undefined && { helpDesk }),
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
  };
}

export const noTrust = {
  code: 'no-trust',
  message: 'Devices need a trust document first: bootmend trust draft, sign, trust publish.',
} as const;
