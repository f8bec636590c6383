import type { ChangeLogLevel, LogLevelView, SystemLogLevel } from '../../../shared/api/system.ts';
import type { Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import type { Log } from '../../logging/log.ts';
import type { Audit } from '../audit/audit-entry.ts';

/** How much a log tells, changed while it runs. */
export interface LogLevelHolder {
  level: SystemLogLevel;
}

/** Lets the log of this process tell more for some minutes; then it goes back by itself. */
export class LogSwitch {
  readonly #holder: LogLevelHolder;
  readonly #usual: SystemLogLevel;
  readonly #transactions: Transactions;
  readonly #audit: Audit;
  readonly #log: Log;
  readonly #clock: () => Date;
  #raised:
    { readonly endsAt: Date; readonly organizationId: string; readonly timer: NodeJS.Timeout } | undefined;

  constructor(parts: {
    holder: LogLevelHolder;
    transactions: Transactions;
    audit: Audit;
    log: Log;
    clock: () => Date;
  }) {
    this.#holder = parts.holder;
    this.#usual = parts.holder.level;
    this.#transactions = parts.transactions;
    this.#audit = parts.audit;
    this.#log = parts.log;
    this.#clock = parts.clock;
  }

  view(): LogLevelView {
    return {
      level: this.#holder.level,
      usual: this.#usual,
      ...(this.#raised && { endsAt: this.#raised.endsAt.toISOString() }),
    };
  }

  async change(
    { organizationId, actor }: SignedIn,
    { level, minutes }: ChangeLogLevel,
  ): Promise<LogLevelView> {
    await this.#transactions.transaction(sql =>
      this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'log-level-changed',
        subject: 'server',
        detail: { level, minutes },
      }),
    );
    clearTimeout(this.#raised?.timer);
    this.#holder.level = level;
    this.#raised = {
      endsAt: new Date(this.#clock().getTime() + minutes * 60_000),
      organizationId,
      timer: setTimeout(() => void this.goBack(), minutes * 60_000).unref(),
    };
    return this.view();
  }

  /** Back to the level of the settings, at once; the audit log tells it to everybody who looks. */
  async goBack(): Promise<void> {
    const raised = this.#raised;
    if (!raised) return;
    clearTimeout(raised.timer);
    this.#raised = undefined;
    this.#holder.level = this.#usual;
    const { organizationId } = raised;
    const detail = { level: this.#usual };
    const entry = {
      organizationId,
      actor: 'server',
      action: 'log-level-went-back',
      subject: 'server',
      detail,
    };
    await this.#transactions
      .transaction(sql => this.#audit.append(sql, entry))
      .catch((error: unknown) => {
        this.#log.warn('the level of the log went back without an audit entry', { reason: String(error) });
      });
  }
}
