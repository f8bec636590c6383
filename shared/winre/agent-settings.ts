import * as z from 'zod/mini';
import { programPolicy } from '../remediation/program-policy.ts';
import { envelope } from '../trust/envelope.ts';
import { type Parsed, parseWith } from '../wire/primitives.ts';
import { isSsid, isWifiPassword, maxWaitMinutes, maxWifiCredentials } from './recovery-settings.ts';

const address = z
  .string()
  .check(z.regex(/^https:\/\/[A-Za-z0-9.:[\]-]{1,255}$/, 'a server is https://HOST:PORT'));
/**
 * A proxy that lets TLS through by CONNECT, `HOST:PORT`. Without a name and a password: the settings lie where whoever has
 * the disk or the stick reads them.
 */
export const proxyAddress = z
  .string()
  .check(
    z.regex(
      /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
      'a proxy is HOST:PORT, without a user name and a password',
    ),
  );
const pin = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const organization = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));
const token = z.string().check(z.regex(/^[A-Za-z0-9_-]{20,100}$/));

/** How long the agent waits, in Microsoft's words: `waitinterval` and `totalwaittime`, minutes. */
export const waitSettings = z
  .object({
    waitIntervalMinutes: z.int().check(z.positive(), z.maximum(maxWaitMinutes)),
    totalWaitMinutes: z.int().check(z.positive(), z.maximum(maxWaitMinutes)),
  })
  .check(
    z.refine(
      ({ waitIntervalMinutes, totalWaitMinutes }) => waitIntervalMinutes <= totalWaitMinutes,
      'the wait interval must not be above the total wait time',
    ),
  );
export type WaitSettings = z.infer<typeof waitSettings>;

/** Where servers are and what the person in front of the machine is told. */
export const serverSettings = {
  /** Tried in order; names and literal addresses, so that a dead name server locks nobody out. */
  servers: z.array(address).check(z.minLength(1), z.maxLength(8)),
  pins: z.array(pin).check(z.minLength(1), z.maxLength(8)),
  /** Tried first for each server, before the direct way. */
  proxy: z.optional(proxyAddress),
  helpDesk: z.optional(z.string().check(z.maxLength(200))),
  /** Absent: as Windows' own quick machine recovery is set on the machine. */
  settings: z.optional(waitSettings),
  /** The programs of the Windows volume that scripts may run on this machine; without them none. */
  programs: z.optional(programPolicy),
};

/** A wireless network to join in the recovery environment, with its password. */
export const wifiNetwork = z.object({
  ssid: z.string().check(z.refine(isSsid, 'an SSID is 1 to 32 bytes long')),
  password: z
    .string()
    .check(z.refine(isWifiPassword, 'a password is 8 to 63 printable characters or 64 hex digits')),
});

/** What an admin hands to a machine so that it can enrol: whom to believe, where servers are, and a token. */
export const provisioningBundle = z.object({
  organization,
  ...serverSettings,
  trust: envelope,
  token,
});
export type ProvisioningBundle = z.infer<typeof provisioningBundle>;

export const parseProvisioningBundle = (input: unknown): Parsed<ProvisioningBundle> =>
  parseWith(provisioningBundle, input);

/**
 * `settings.json` beside the agent in an image. Whoever has the disk or the stick can read it, so it holds no secret of
 * a machine: a token in it enrols to pending only, and Wi-Fi passwords stand in it by explicit choice.
 */
export const imageSettings = z.object({
  version: z.literal(1),
  /** `recovery`: WinRE of a machine. `rescue`: a stick or network start that a person chose, so it is always our turn. */
  purpose: z.enum(['recovery', 'rescue']),
  organization,
  ...serverSettings,
  trust: envelope,
  token: z.optional(token),
  wifi: z.optional(z.array(wifiNetwork).check(z.maxLength(maxWifiCredentials))),
});
export type ImageSettings = z.infer<typeof imageSettings>;

export const parseImageSettings = (input: unknown): Parsed<ImageSettings> => parseWith(imageSettings, input);

/** Where the agent lives in an image: the one folder that Microsoft promises to keep when WinRE is serviced. */
export const imagePlaces = {
  folder: 'Sources\\Recovery\\Tools\\Bootmend',
  agent: 'Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe',
  settings: 'Sources\\Recovery\\Tools\\Bootmend\\settings.json',
  bundle: 'Sources\\Recovery\\Tools\\Bootmend\\offline.json',
  launchFile: 'Windows\\System32\\winpeshl.ini',
} as const;
