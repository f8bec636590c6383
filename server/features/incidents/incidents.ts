import type {
  IncidentDetail,
  IncidentList,
  IncidentQuery,
  IncidentRow,
  IncidentState,
} from '../../../shared/api/incident.ts';
import { incidentStates } from '../../../shared/api/incident.ts';
import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { TrustState } from '../trust/trust-keeper.ts';
import { explainMatches, type MatchExplainer } from './explained-matches.ts';
import { detailOf, rowOf } from './incident-detail.ts';
import { IncidentRead, type ListPosition } from './incident-read.ts';

const defaultLimit = 50;
const mostLimit = 200;
const longestSearch = 100;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Parts {
  readonly sql: Sql;
  readonly issues: MatchExplainer;
  readonly trustOf: (organizationId: string) => Promise<TrustState>;
}

/** Incidents as people see them. */
export class Incidents {
  readonly #read: IncidentRead;
  readonly #issues: MatchExplainer;
  readonly #trustOf: Parts['trustOf'];

  constructor({ sql, issues, trustOf }: Parts) {
    this.#read = new IncidentRead(sql);
    this.#issues = issues;
    this.#trustOf = trustOf;
  }

  /** One page, newest change first, and how many machines are in which state. */
  async list(organizationId: string, query: IncidentQuery): Promise<IncidentList> {
    const limit = limitOf(query.limit);
    const search = query.search?.trim().replaceAll('\0', '').slice(0, longestSearch);
    const rows = await this.#read.list(organizationId, {
      states: statesOf(query.state),
      search: search === '' ? undefined : search,
      before: positionOf(query.before),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      incidents: page.map(rowOf),
      ...(last && { next: `${last.changedAt.getTime()}.${last.incidentId}` }),
      counts: await this.counts(organizationId),
    };
  }

  /** The incidents of one machine, newest first, at most a hundred. */
  async listOfDevice(organizationId: string, deviceId: string): Promise<IncidentRow[]> {
    return (await this.#read.listOfDevice(organizationId, deviceId, 100)).map(rowOf);
  }

  /** Everything about one incident. */
  async get(organizationId: string, incidentId: string): Promise<IncidentDetail> {
    const incident = uuid.test(incidentId) ? await this.#read.find(organizationId, incidentId) : undefined;
    if (!incident) throw new Refusal('not-found', 'There is no incident with this id.');
    const [reports, found, attempts, acts, evidence, { trust }] = await Promise.all([
      this.#read.listReports(organizationId, incidentId),
      this.#read.listMatches(organizationId, incidentId),
      this.#read.listAttempts(organizationId, incidentId),
      this.#read.listActs(organizationId, incidentId),
      this.#read.listEvidence(organizationId, incidentId),
      this.#trustOf(organizationId),
    ]);
    const ran = attempts.map(attempt => attempt.scriptSha256);
    const scripts = await this.#read.listScripts(organizationId, ran, incident.remediationId);
    const matches = await explainMatches(this.#issues, organizationId, found, incident.facts);
    return detailOf({ incident, reports, matches, attempts, acts, evidence, scripts, trust });
  }

  /** Machines by state; every state is there. */
  async counts(organizationId: string): Promise<Record<IncidentState, number>> {
    const counts = Object.fromEntries(incidentStates.map(state => [state, 0])) as Record<
      IncidentState,
      number
    >;
    for (const { state, incidents } of await this.#read.countByState(organizationId))
      counts[state] = incidents;
    return counts;
  }
}

function statesOf(text: string | undefined): IncidentState[] | undefined {
  if (text === undefined || text === '') return undefined;
  const asked = new Set(text.split(','));
  const known = incidentStates.filter(state => asked.has(state));
  if (known.length === asked.size) return known;
  throw new Refusal('malformed-message', `Accepted states are ${incidentStates.join(', ')}.`, {
    path: 'state',
  });
}

function positionOf(text: string | undefined): ListPosition | undefined {
  if (text === undefined) return undefined;
  const [changed = '', incidentId = ''] = text.split('.');
  if (/^\d{1,15}$/.test(changed) && uuid.test(incidentId))
    return { changedAt: new Date(Number(changed)), incidentId };
  throw new Refusal('malformed-message', 'Accepted is the `next` of an earlier page.', { path: 'before' });
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? defaultLimit : Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostLimit) return limit;
  throw new Refusal('malformed-message', `Accepted is a whole number from 1 to ${mostLimit}.`, {
    path: 'limit',
  });
}
