import type { SavedFilter } from '../../../shared/api/saved-filter.ts';
import type { Sql } from '../../db/sql.ts';

export interface FilterOwner {
  readonly organizationId: string;
  readonly accountId: string;
}

const mostFilters = 50;

/** Filters that people keep for themselves. */
export class SavedFiltersStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async list({ organizationId, accountId }: FilterOwner): Promise<SavedFilter[]> {
    const rows = await this.#sql.query<{ name: string; state: string | null; search: string | null }>(
      `select name, state, search from saved_filter where organization_id = $1 and owner_id = $2
       order by name limit ${mostFilters}`,
      [organizationId, accountId],
    );
    return rows.map(({ name, state, search }) => ({
      name,
      ...(state !== null && { state }),
      ...(search !== null && { search }),
    }));
  }

  /** Keeps a filter; the oldest go when there are too many. */
  async save(
    { organizationId, accountId }: FilterOwner,
    { name, state, search }: SavedFilter,
    now: Date,
  ): Promise<void> {
    await this.#sql.query(
      `insert into saved_filter (organization_id, owner_id, name, state, search, saved_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (organization_id, owner_id, name) do update set
         state = excluded.state, search = excluded.search, saved_at = excluded.saved_at`,
      [organizationId, accountId, name, state, search, now],
    );
    await this.#sql.query(
      `delete from saved_filter where organization_id = $1 and owner_id = $2 and name in (
         select name from saved_filter where organization_id = $1 and owner_id = $2
         order by saved_at desc offset ${mostFilters})`,
      [organizationId, accountId],
    );
  }

  async forget({ organizationId, accountId }: FilterOwner, name: string): Promise<void> {
    await this.#sql.query(
      'delete from saved_filter where organization_id = $1 and owner_id = $2 and name = $3',
      [organizationId, accountId, name],
    );
  }
}
