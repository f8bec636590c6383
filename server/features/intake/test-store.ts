import type { Story } from '../../../shared/wire/story.ts';
import type { Sql } from '../../db/sql.ts';
import { storableJson, storableText } from '../../db/storable.ts';

/** So many tests of a machine are kept; older ones prove nothing any more. */
const mostKept = 20;

/** Runs in test mode. */
export class TestStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Keeps a test; a repeat of its message changes nothing. */
  async begin(
    organizationId: string,
    deviceId: string,
    test: {
      readonly episode: string;
      readonly agentVersion: string;
      readonly story: Story;
      readonly now: Date;
    },
  ): Promise<void> {
    const { episode, agentVersion, story, now } = test;
    await this.#sql.query(
      `insert into device_test (organization_id, device_id, episode, agent_version, story, started_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [organizationId, deviceId, episode, storableText(agentVersion), storableJson(story), now],
    );
    await this.#sql.query(
      `delete from device_test where organization_id = $1 and device_id = $2 and episode in (
         select episode from device_test where organization_id = $1 and device_id = $2
         order by started_at desc, episode offset $3)`,
      [organizationId, deviceId, mostKept],
    );
  }

  /** Windows came up after a test; false when the episode was no test. */
  async markBooted(organizationId: string, deviceId: string, episode: string, now: Date): Promise<boolean> {
    const found = await this.#sql.query(
      `update device_test set booted_at = coalesce(booted_at, $4)
       where organization_id = $1 and device_id = $2 and episode = $3 returning episode`,
      [organizationId, deviceId, episode, now],
    );
    return found.length === 1;
  }
}
