import type { ChangeLogLevel, LogLevelView, SystemLogLevel } from '../../../shared/api/system.ts';
import type { Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
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
  readonly #clock: () => Date;
  #endsAt: Date | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: {
    holder: LogLevelHolder;
    transactions: Transactions;
    audit: Audit;
    clock: () => Date;
  }) {
    this.#holder = parts.holder;
    this.#usual = parts.holder.level;
    this.#transactions = parts.transactions;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  view(): LogLevelView {
    return {
      level: this.#holder.level,
      usual: this.#usual,
      ...(this.#endsAt && { endsAt: this.#endsAt.toISOString() }),
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
    clearTimeout(this.#timer);
    this.#holder.level = level;
    this.#endsAt = new Date(this.#clock().getTime() + minutes * 60_000);
    this.#timer = setTimeout(() => this.goBack(), minutes * 60_000).unref();
    return this.view();
  }

  /** Back to the level of the settings. */
  goBack(): void {
    clearTimeout(this.#timer);
    this.#holder.level = this.#usual;
    this.#endsAt = undefined;
  }
}
