import type {
  KeptRecoveryKeys,
  RecoveryKeyList,
  RecoveryKeyRow,
  RecoveryKeyToKeep,
} from '../../../shared/api/recovery-key.ts';
import { recoveryKeyId } from '../../../shared/wire/key-request.ts';
import { isRecoveryPassword } from '../../../shared/winre/recovery-password.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { SecretVault } from '../../secret-vault.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { type RecoveryKeyRecord, RecoveryKeyStore } from './recovery-key-store.ts';

const mostListed = 1000;
const volumePattern = /^[A-Z]:$/;

/** Where a sealed password belongs: a row that is moved to another machine does not open. */
export const placeOfKey = (organizationId: string, deviceId: string, keyId: string) =>
  `recovery-key/${organizationId}/${deviceId}/${keyId}`;

/** BitLocker recovery passwords that the server keeps for the day a machine asks. Nobody reads one here. */
export class RecoveryKeys {
  readonly #sql: Sql & Transactions;
  readonly #vault: SecretVault;
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { sql: Sql & Transactions; vault: SecretVault; audit: Audit; clock: () => Date }) {
    this.#sql = parts.sql;
    this.#vault = parts.vault;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /** Keeps what fits, all in one transaction, and says what does not and why; no password is repeated in that. */
  async keep(
    organizationId: string,
    keys: readonly RecoveryKeyToKeep[],
    actor: string,
  ): Promise<KeptRecoveryKeys> {
    return await this.#sql.transaction(async sql => {
      const problems: KeptRecoveryKeys['problems'] = [];
      for (const [index, key] of keys.entries()) {
        const problem = await this.#keepOne(new RecoveryKeyStore(sql), organizationId, key, actor);
        if (problem) problems.push({ index, ...problem });
      }
      const kept = keys.length - problems.length;
      if (kept > 0)
        await this.#audit.append(sql, {
          organizationId,
          actor,
          action: 'recovery-keys-kept',
          subject: `organization:${organizationId}`,
          detail: { kept, refused: problems.length },
        });
      return { kept, problems };
    });
  }

  async #keepOne(store: RecoveryKeyStore, organizationId: string, key: RecoveryKeyToKeep, actor: string) {
    const keyId = key.keyId.replaceAll(/[{}\s]/g, '').toUpperCase();
    if (!recoveryKeyId.safeParse(keyId).success)
      return {
        code: 'key-id-invalid',
        message: 'A key id is a GUID, as manage-bde -protectors -get prints it.',
      };
    const password = key.recoveryPassword.trim();
    if (!isRecoveryPassword(password))
      return {
        code: 'password-invalid',
        message: 'This is no recovery password: eight groups of six digits, each a multiple of 11.',
      };
    const volume = (key.volume ?? 'C:').trim().replace(/\\$/, '').toUpperCase();
    if (!volumePattern.test(volume))
      return { code: 'volume-invalid', message: 'A volume is a letter with a colon, as C:.' };
    const deviceId = await store.findDevice(organizationId, key.device.trim());
    if (deviceId === undefined)
      return {
        code: 'device-unknown',
        message: `${key.device.trim()} does not name one enrolled machine alone; a device id does.`,
      };
    const sealed = this.#vault.seal(placeOfKey(organizationId, deviceId, keyId), Buffer.from(password));
    const now = this.#clock();
    const kept = await store.keep(organizationId, {
      keyId,
      deviceId,
      volume,
      sealed,
      importedBy: actor,
      now,
    });
    return kept
      ? undefined
      : {
          code: 'key-of-another',
          message: `The password ${keyId} belongs to another machine or volume here.`,
        };
  }

  /** Those of a machine's own ids whose password is here; asked in the transaction of its readiness. */
  async findKept(
    sql: Sql,
    { organizationId, deviceId }: DeviceKeyName,
    keyIds: readonly string[],
  ): Promise<readonly string[]> {
    return await new RecoveryKeyStore(sql).findKept(organizationId, deviceId, keyIds);
  }

  /** What is kept, without what is secret; those to rotate come first. */
  async list(organizationId: string, deviceId?: string): Promise<RecoveryKeyList> {
    const keys = await new RecoveryKeyStore(this.#sql).list(organizationId, deviceId, mostListed);
    return { keys: keys.map(rowOf) };
  }
}

function rowOf({ importedAt, releasedAt, replacedAt, ...same }: RecoveryKeyRecord): RecoveryKeyRow {
  return {
    ...same,
    importedAt: importedAt.toISOString(),
    state: replacedAt !== null ? 'replaced' : releasedAt !== null ? 'rotate-it' : 'kept',
    ...(releasedAt !== null && { releasedAt: releasedAt.toISOString() }),
  };
}
