import type { IncidentState } from '../../../shared/api/incident.ts';
import type { Now as NowView } from '../../../shared/api/now.ts';
import { sayBucket } from '../../../shared/crashdump/say-bucket.ts';
import type { Sql } from '../../db/sql.ts';
import { type CauseRow, NowRead } from './now-read.ts';

const stepMinutes = 15;
const steps = 96;
const mostCauses = 12;
const minuteMs = 60_000;
const ended: ReadonlySet<string> = new Set(['healed', 'healed-by-hand', 'given-up']);

/** How the fleet stands, for the first screen. */
export class Now {
  readonly #read: NowRead;
  readonly #counts: (organizationId: string) => Promise<Record<IncidentState, number>>;
  readonly #devices: (organizationId: string) => Promise<NowView['devices']>;
  readonly #keyRequests: (organizationId: string) => Promise<number>;
  readonly #haltedRelease: (organizationId: string) => Promise<NowView['haltedRelease']>;
  readonly #clock: () => Date;

  constructor(parts: {
    sql: Sql;
    counts: (organizationId: string) => Promise<Record<IncidentState, number>>;
    /** How many devices there are, and how many of them are ready. */
    devices: (organizationId: string) => Promise<NowView['devices']>;
    /** How many locked machines wait for their recovery key. */
    keyRequests: (organizationId: string) => Promise<number>;
    /** The newest agent, when the server itself halted it. */
    haltedRelease: (organizationId: string) => Promise<NowView['haltedRelease']>;
    clock: () => Date;
  }) {
    this.#read = new NowRead(parts.sql);
    this.#counts = parts.counts;
    this.#devices = parts.devices;
    this.#keyRequests = parts.keyRequests;
    this.#haltedRelease = parts.haltedRelease;
    this.#clock = parts.clock;
  }

  async read(organizationId: string): Promise<NowView> {
    const at = this.#clock();
    const startAt = new Date(at.getTime() - steps * stepMinutes * minuteMs);
    const since = (count: number, minutes: number) =>
      Array.from({ length: count }, (_, n) => new Date(startAt.getTime() + n * minutes * minuteMs));
    const [counts, moments, causes, devices, keyRequests, haltedRelease] = await Promise.all([
      this.#counts(organizationId),
      this.#read.listSteps(organizationId, since(steps, stepMinutes)),
      this.#read.listCauses(organizationId, since(24, 60), mostCauses),
      this.#devices(organizationId),
      this.#keyRequests(organizationId),
      this.#haltedRelease(organizationId),
    ]);
    return {
      at: at.toISOString(),
      counts,
      curve: { startAt: startAt.toISOString(), stepMinutes, ...curveOf(counts, moments) },
      causes: causes.map(causeOf),
      devices,
      keyRequests,
      ...(haltedRelease && { haltedRelease }),
    };
  }
}

/** Walks back from what is down now: before each step, what opened in it was not down and what closed in it was. */
function curveOf(
  counts: Readonly<Record<IncidentState, number>>,
  moments: readonly { step: number; opened: number; closed: number; healed: number }[],
) {
  const [opened, closed, healed] = [zeros(steps), zeros(steps), zeros(steps)];
  for (const moment of moments) {
    const step = Math.min(steps - 1, moment.step);
    opened[step]! += moment.opened;
    closed[step]! += moment.closed;
    healed[step]! += moment.healed;
  }
  const down = zeros(steps);
  let standing = Object.entries(counts).reduce((sum, [state, n]) => (ended.has(state) ? sum : sum + n), 0);
  for (let step = steps - 1; step >= 0; step--) {
    down[step] = Math.max(0, standing);
    standing += closed[step]! - opened[step]!;
  }
  return { down, healed };
}

const zeros = (length: number) => Array.from({ length }, () => 0);

function causeOf(row: CauseRow): NowView['causes'][number] {
  const { knownIssueId, signature, title, down, needPerson, healing, healedToday, opened } = row;
  const trend = Array.from({ length: 24 }, (_, hour) => opened[hour] ?? 0);
  const numbers = { down, needPerson, healing, healedToday, trend };
  if (knownIssueId !== null)
    return { kind: 'known-issue', id: knownIssueId, title: title ?? knownIssueId, ...numbers };
  if (signature !== null) return { kind: 'crash', id: signature, title: sayBucket(signature), ...numbers };
  return { kind: 'unknown', id: '', title: 'No cause known yet', ...numbers };
}
