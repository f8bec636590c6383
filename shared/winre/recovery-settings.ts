import { utf8Of } from '../bytes/utf8.ts';

/** A wireless network that the recovery environment may join with a password (WPA2 or WPA3 personal). */
export interface WifiCredential {
  readonly ssid: string;
  /** 8 to 63 characters or 64 hex digits. A secret: it stands in no message, log or screen. */
  readonly password: string;
}

/**
 * The `<WindowsRE>` settings of `reagentc /setrecoverysettings`, in Microsoft's words. Absent means that the file does
 * not say. Source: Microsoft Learn, "Quick machine recovery", and the RemoteRemediation CSP.
 */
export interface RecoverySettings {
  readonly wifi: readonly WifiCredential[];
  readonly cloudRemediation?: { readonly isOn: boolean };
  readonly autoRemediation?: {
    readonly isOn: boolean;
    /** Minutes in the recovery environment before giving up, 1 to 4320. */
    readonly totalWaitMinutes?: number;
    /** Minutes between two looks for a repair, 1 to 4320 and not above the total. */
    readonly waitIntervalMinutes?: number;
  };
}

/** What Microsoft takes when the file does not say. */
export const defaultWaits = { waitIntervalMinutes: 30, totalWaitMinutes: 180 } as const;
/** 72 hours: after that the recovery environment restarts by itself. */
export const maxWaitMinutes = 4320;
export const maxWifiCredentials = 16;

export const recoverySettingsCodes = [
  'not-settings',
  'markup-broken',
  'declaration-not-allowed',
  'unknown-element',
  'unknown-attribute',
  'element-repeated',
  'attribute-missing',
  'state-invalid',
  'minutes-invalid',
  'interval-above-total',
  'ssid-invalid',
  'password-invalid',
  'too-many-networks',
] as const;
export type RecoverySettingsCode = (typeof recoverySettingsCodes)[number];

/** What is wrong at one place of a settings file and what would be accepted; never repeats a password. */
export interface RecoverySettingsProblem {
  readonly code: RecoverySettingsCode;
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

export type RecoverySettingsResult =
  | { readonly ok: true; readonly settings: RecoverySettings }
  | { readonly ok: false; readonly problems: readonly RecoverySettingsProblem[] };

/** Whether a text can name a wireless network: 1 to 32 bytes of UTF-8, without control characters. */
export const isSsid = (text: string): boolean => {
  const lengthBytes = utf8Of(text).length;
  return lengthBytes >= 1 && lengthBytes <= 32 && !/[\p{Cc}\p{Cs}]/u.test(text);
};

/** Whether a text can be the password of a WPA2 or WPA3 personal network. */
export const isWifiPassword = (text: string): boolean =>
  /^[\x20-\x7e]{8,63}$/.test(text) || /^[0-9A-Fa-f]{64}$/.test(text);
