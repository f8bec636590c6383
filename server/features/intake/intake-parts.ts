import type { Facts } from '../../../shared/facts/facts.ts';
import type { ProgramOfScript } from '../../../shared/remediation/program-policy.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Log } from '../../logging/log.ts';
import type { IssueMatcher } from '../known-issues/issue-verdict.ts';
import type { OnlineKey } from '../trust/online-key.ts';
import type { TrustState } from '../trust/trust-keeper.ts';
import type { TrustVersions } from '../trust/trust-store.ts';

/** What intake needs to know about trust. */
export interface IntakeTrust {
  stateAt(sql: Sql, organizationId: string, versions: TrustVersions): Promise<TrustState>;
  updatesFor(state: TrustState, seen: TrustVersions): { trust?: Envelope[]; recall?: Envelope };
}

/** Whether approvers let a device run a script now. */
export interface ApprovalJudge {
  judge(
    state: TrustState,
    envelopes: readonly Envelope[],
    asked: { scriptSha256: string; facts: Facts; now: Date },
  ): { readonly envelope: Envelope } | { readonly problem: string };
}

export interface ScriptTexts {
  getText(sql: Sql, organizationId: string, sha256: string): Promise<string>;
  /** Whether a script holds a step that nobody can take back. */
  hasNoWayBack(sql: Sql, organizationId: string, sha256: string): Promise<boolean>;
  /** The programs that a script runs. */
  programsOf(sql: Sql, organizationId: string, sha256: string): Promise<readonly ProgramOfScript[]>;
}

/** Whether the machine that speaks is the one that enrolled. */
export interface MachineCopies {
  suspect(
    sql: Sql,
    signer: DeviceKeyName,
    known: { readonly serial: string | null; readonly smbiosId: string | null },
    told: { readonly serial?: string | undefined; readonly smbiosId?: string | undefined },
    by: 'check-in',
  ): Promise<boolean>;
}

/** What intake is built from. */
export interface IntakeParts {
  readonly transactions: Transactions;
  readonly issues: IssueMatcher;
  readonly trust: IntakeTrust;
  readonly approvals: ApprovalJudge;
  readonly scripts: ScriptTexts;
  readonly copies: MachineCopies;
  readonly onlineKey: OnlineKey;
  readonly log: Log;
  readonly clock: () => Date;
  /** Told after each commit that an incident changed. */
  readonly incidentChanged: (incidentId: string) => void;
}
