import type { HostTools, ToolResult } from '../../host/host.ts';
import { noTools } from '../../host/no-tools.ts';

export interface LabBitLockerVolume {
  /** `C:` */
  readonly drive: string;
  readonly isEncrypted: boolean;
  locked: boolean;
  /** Its key lies in the clear beside it. */
  readonly isSuspended?: boolean;
  /** What opens it at the start; the TPM alone unless told. */
  readonly startedBy?: (typeof startProtectors)[number];
  readonly keyId: string;
  readonly recoveryPassword: string;
}

const startProtectors = ['TPM', 'TPMAndPIN', 'TPMAndStartupKey', 'TPMAndPINAndStartupKey'] as const;
const startKeyId = '{0A1B2C3D-1111-2222-3333-444455556666}';

const ended = (exitCode: number, output: string): ToolResult => ({
  kind: 'ended',
  exitCode,
  output,
  truncated: false,
});

/** The words of manage-bde in some languages, as far as the agent must not rely on them. */
const words = {
  english: {
    labels: [
      'Size',
      'BitLocker Version',
      'Conversion Status',
      'Percentage Encrypted',
      'Encryption Method',
      'Protection Status',
      'Lock Status',
    ],
    unknown: 'Unknown',
    none: 'None',
    locked: 'Locked',
    unlocked: 'Unlocked',
  },
  german: {
    labels: [
      'Größe',
      'BitLocker-Version',
      'Konvertierungsstatus',
      'Verschlüsselt (Prozent)',
      'Verschlüsselungsmethode',
      'Schutzstatus',
      'Sperrungsstatus',
    ],
    unknown: 'Unbekannt',
    none: 'Keine',
    locked: 'Gesperrt',
    unlocked: 'Entsperrt',
  },
  japanese: {
    labels: [
      'サイズ',
      'BitLocker のバージョン',
      '変換状態',
      '暗号化された割合',
      '暗号化の方法',
      '保護状態',
      'ロック状態',
    ],
    unknown: '不明',
    none: 'なし',
    locked: 'ロック',
    unlocked: 'ロック解除',
  },
} as const;
export type LabLanguage = keyof typeof words;
export const labLanguages = Object.keys(words) as readonly LabLanguage[];

/** manage-bde over volumes of a lab machine, in one of several languages; other arguments are noted and fail. */
export class LabBitLocker {
  readonly mistakes: string[] = [];
  readonly #volumes: readonly LabBitLockerVolume[];
  readonly #language: LabLanguage;

  constructor(volumes: readonly LabBitLockerVolume[], language: LabLanguage = 'english') {
    this.#volumes = volumes;
    this.#language = language;
  }

  readonly tools: HostTools = {
    ...noTools,
    run: async ({ tool, arguments: args }) => {
      const [verb, ...rest] = args;
      const drive = verb === '-protectors' ? rest[1] : rest[0];
      const volume = this.#volumes.find(one => one.drive === drive);
      const shape = args
        .map(one => (one === drive ? 'DRIVE' : /^\d{6}-/.test(one) ? 'PASSWORD' : one))
        .join(' ');
      if (tool !== 'manage-bde' || !volume) return this.#mistake(tool, args);
      switch (shape) {
        case '-status DRIVE':
          return ended(0, this.#status(volume));
        case '-status DRIVE -protectionaserrorlevel':
          return ended(volume.isEncrypted && !volume.isSuspended ? 0 : 1, this.#status(volume));
        case '-protectors -get DRIVE -Type TPM':
        case '-protectors -get DRIVE -Type TPMAndPIN':
        case '-protectors -get DRIVE -Type TPMAndStartupKey':
        case '-protectors -get DRIVE -Type TPMAndPINAndStartupKey': {
          const isAsked = volume.isEncrypted && rest.at(-1) === (volume.startedBy ?? 'TPM');
          return ended(isAsked ? 0 : -1, isAsked ? `    x:\r\n      ID: ${startKeyId}\r\n` : 'ERROR');
        }
        case '-protectors -get DRIVE -Type RecoveryPassword':
          return ended(volume.isEncrypted ? 0 : -1, volume.isEncrypted ? this.#protectors(volume) : 'ERROR');
        case '-unlock DRIVE -RecoveryPassword PASSWORD':
          if (rest.at(-1) !== volume.recoveryPassword) return ended(-1, 'ERROR: 0x80310027');
          volume.locked = false;
          return ended(0, '');
        case '-lock DRIVE -ForceDismount':
          volume.locked = volume.isEncrypted;
          return ended(0, '');
        default:
          return this.#mistake(tool, args);
      }
    },
  };

  #status({ drive, isEncrypted, locked }: LabBitLockerVolume): string {
    const { labels, unknown, none, ...states } = words[this.#language];
    const values = [
      locked ? `${unknown} GB` : '475,83 GB',
      isEncrypted ? '2.0' : none,
      locked ? unknown : 'x',
      locked ? `${unknown}%` : isEncrypted ? '100,0%' : '0,0%',
      isEncrypted ? 'XTS-AES 128' : none,
      locked ? unknown : 'x',
      locked ? states.locked : states.unlocked,
    ];
    const lines = labels.map((label, at) => `    ${`${label}:`.padEnd(24)} ${values[at]}`);
    return ['BitLocker: 10.0.26100', '', `Volume ${drive} []`, '[x]', '', ...lines, ''].join('\r\n');
  }

  #protectors({ drive, keyId, locked, recoveryPassword }: LabBitLockerVolume): string {
    const password = locked ? [] : ['      x:', `        ${recoveryPassword}`];
    return ['', `Volume ${drive} []`, '', '    x:', `      ID: ${keyId}`, ...password, ''].join('\r\n');
  }

  #mistake(tool: string, args: readonly string[]): ToolResult {
    this.mistakes.push([tool, ...args].join(' '));
    return ended(-1, 'ERROR');
  }
}
