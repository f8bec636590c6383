import type {
  DeviceDetail,
  DeviceList,
  DeviceQuery,
  DeviceRow,
  FleetReadiness,
  HealthyTwins,
} from '../../../shared/api/device.ts';
import type { IncidentRow } from '../../../shared/api/incident.ts';
import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { HealthyDeviceRead } from './healthy-device-read.ts';
import { DeviceRead, type ListedDevice } from './device-read.ts';
import { DeviceTallyStore } from './device-tally-store.ts';

const defaultLimit = 100;
/** The readiness of these, the least ready ones, says what to mend first. */
const lookedAt = 2000;
const mostFindings = 8;
/** From this tenth of the score on, 80 of 100, a machine counts as ready to be healed. */
const readyTenth = 8;
const mostTwins = 8;

/** Machines as people see them. */
export class DeviceBook {
  readonly #read: DeviceRead;
  readonly #tally: DeviceTallyStore;
  readonly #healthy: Pick<HealthyDeviceRead, 'listTwins'>;
  readonly #incidentsOf: (organizationId: string, deviceId: string) => Promise<IncidentRow[]>;

  constructor(parts: {
    sql: Sql;
    healthy: Pick<HealthyDeviceRead, 'listTwins'>;
    incidentsOf: (organizationId: string, deviceId: string) => Promise<IncidentRow[]>;
  }) {
    this.#read = new DeviceRead(parts.sql);
    this.#tally = new DeviceTallyStore(parts.sql);
    this.#healthy = parts.healthy;
    this.#incidentsOf = parts.incidentsOf;
  }

  /** One page by name, and how many machines are in which state. */
  async list(organizationId: string, query: DeviceQuery): Promise<DeviceList> {
    const limit = query.limit === undefined ? defaultLimit : Number(query.limit);
    const search = query.search?.trim().replaceAll('\0', '');
    const [rows, counts] = await Promise.all([
      this.#read.list(organizationId, {
        state: query.state,
        search: search === '' ? undefined : search,
        after: placeOf(query.after),
        limit: limit + 1,
      }),
      this.#tally.countByState(organizationId),
    ]);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      devices: page.map(rowOf),
      ...(last && { next: JSON.stringify([last.name, last.deviceId]) }),
      counts,
    };
  }

  /** How many machines there are, and how many of those that told it are ready to be healed. */
  async count(organizationId: string) {
    const [{ active, pending }, tenths] = await Promise.all([
      this.#tally.countByState(organizationId),
      this.#tally.countTenths(organizationId),
    ]);
    return { active, pending, toldReadiness: sumOf(tenths), ready: sumOf(tenths.slice(readyTenth)) };
  }

  /** Everything about one machine. */
  async get(organizationId: string, deviceId: string): Promise<DeviceDetail> {
    const found = await this.#read.find(organizationId, deviceId);
    if (!found) throw new Refusal('not-found', 'There is no device with this id.');
    const [keys, tests, incidents] = await Promise.all([
      this.#read.listKeys(organizationId, deviceId),
      this.#read.listTests(organizationId, deviceId),
      this.#incidentsOf(organizationId, deviceId),
    ]);
    const { serial, smbiosId, replacesDeviceId, receivedAt, agentVersion, findings } = found;
    const { startedWith, startedWithAt, copySeenAt, copyTold } = found;
    return {
      device: rowOf(found),
      ...(serial !== null && { serial }),
      ...(smbiosId !== null && { smbiosId }),
      ...(replacesDeviceId !== null && { replacesDeviceId }),
      ...(copySeenAt !== null &&
        copyTold !== null && { copy: { ...copyTold, seenAt: copySeenAt.toISOString() } }),
      keys: keys.map(({ number, createdAt, revokedAt }) => ({
        number,
        createdAt: createdAt.toISOString(),
        ...(revokedAt !== null && { revokedAt: revokedAt.toISOString() }),
      })),
      ...(receivedAt !== null &&
        agentVersion !== null && {
          readiness: { receivedAt: receivedAt.toISOString(), agentVersion, findings: [...(findings ?? [])] },
        }),
      ...(startedWith !== null &&
        startedWithAt !== null && {
          startedWith: { receivedAt: startedWithAt.toISOString(), facts: startedWith },
        }),
      ...(tests.length > 0 && {
        tests: tests.map(({ startedAt, bootedAt, agentVersion: tested, story }) => ({
          agentVersion: tested,
          story: story.map(({ phase, atMs }) => ({ phase, atMs })),
          startedAt: startedAt.toISOString(),
          ...(bootedAt !== null && { bootedAt: bootedAt.toISOString() }),
        })),
      }),
      incidents,
    };
  }

  /** Healthy machines of the model that an incident's machine has. */
  async healthyTwins(organizationId: string, incidentId: string): Promise<HealthyTwins> {
    const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(incidentId) ? incidentId : undefined;
    const twins = id === undefined ? [] : await this.#healthy.listTwins(organizationId, id, mostTwins);
    return {
      devices: twins.map(({ receivedAt, ...same }) => ({ ...same, receivedAt: receivedAt.toISOString() })),
    };
  }

  /** How ready the fleet is, and what to mend first. */
  async readiness(organizationId: string): Promise<FleetReadiness> {
    const [counts, tenths, findings] = await Promise.all([
      this.#tally.countByState(organizationId),
      this.#tally.countTenths(organizationId),
      this.#read.listFindings(organizationId, lookedAt, mostFindings),
    ]);
    const told = sumOf(tenths);
    return {
      tenths,
      // two reads of a moment: what was told between them is not less than nothing
      neverTold: Math.max(0, counts.active + counts.pending - told),
      findings: findings.map(({ code, machines, found, advice, command }) => ({
        code,
        machines,
        found,
        ...(advice !== null && { advice }),
        ...(command !== null && { command }),
      })),
      lookedAt: findings[0]?.lookedAt ?? 0,
    };
  }
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

function rowOf({
  deviceId,
  name,
  model,
  state,
  enrolledAt,
  lastSeenAt,
  score,
  isDown,
}: ListedDevice): DeviceRow {
  return {
    deviceId,
    name,
    ...(model !== null && { model }),
    state,
    enrolledAt: enrolledAt.toISOString(),
    ...(lastSeenAt !== null && { lastSeenAt: lastSeenAt.toISOString() }),
    ...(score !== null && { score }),
    isDown,
  };
}

function placeOf(text: string | undefined): { name: string; deviceId: string } | undefined {
  if (text === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(text);
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string')
      return { name: place[0], deviceId: place[1] };
  } catch {
    // not a place: refused below
  }
  throw new Refusal('malformed-message', 'Accepted is the `next` of an earlier page.', { path: 'after' });
}
