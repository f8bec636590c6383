import * as z from 'zod/mini';
import { readinessFinding } from '../wire/readiness.ts';
import { phases } from '../wire/story.ts';
import { endpoint } from './endpoint.ts';
import { incidentRow } from './incident.ts';

export const deviceStates = ['active', 'pending', 'retired'] as const;
export const deviceState = z.enum(deviceStates);
export type DeviceState = z.infer<typeof deviceState>;

/** A machine as the list shows it. Times are ISO instants in UTC. */
export const deviceRow = z.object({
  deviceId: z.string(),
  name: z.string(),
  model: z.optional(z.string()),
  state: deviceState,
  enrolledAt: z.iso.datetime(),
  lastSeenAt: z.optional(z.iso.datetime()),
  /** 0 to 100; absent when the machine never told. */
  score: z.optional(z.int()),
  /** Whether it waits for help now. */
  isDown: z.boolean(),
});
export type DeviceRow = z.infer<typeof deviceRow>;

/** What the inventory is narrowed to. */
export const deviceQuery = z.object({
  state: z.optional(deviceState),
  search: z.optional(z.string().check(z.maxLength(100))),
  after: z.optional(z.string().check(z.maxLength(400))),
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|1\d\d|200)$/))),
});
export type DeviceQuery = z.infer<typeof deviceQuery>;

export const deviceList = z.object({
  devices: z.array(deviceRow),
  next: z.optional(z.string()),
  /** Machines by state over everything. */
  counts: z.record(deviceState, z.int()),
});
export type DeviceList = z.infer<typeof deviceList>;

/** How ready the fleet is. */
export const fleetReadiness = z.object({
  /** Machines with a score from 0 to 9, 10 to 19, …, 90 to 100. */
  tenths: z.array(z.int()),
  neverTold: z.int(),
  /** What is wrong on most of the least ready machines, the gravest first. */
  findings: z.array(
    z.object({
      code: z.string(),
      machines: z.int(),
      found: z.string(),
      advice: z.optional(z.string()),
      command: z.optional(z.string()),
    }),
  ),
  /** How many machines, the least ready ones, the findings were counted on. */
  lookedAt: z.int(),
});
export type FleetReadiness = z.infer<typeof fleetReadiness>;

/** One machine with its history. */
export const deviceDetail = z.object({
  device: deviceRow,
  serial: z.optional(z.string()),
  smbiosId: z.optional(z.string()),
  replacesDeviceId: z.optional(z.string()),
  /** Another machine spoke with this one's key: its disk was copied, or its board was changed. Until a person decides. */
  copy: z.optional(
    z.object({
      seenAt: z.iso.datetime(),
      by: z.enum(['check-in', 'readiness']),
      name: z.optional(z.string()),
      serial: z.optional(z.string()),
      smbiosId: z.optional(z.string()),
    }),
  ),
  keys: z.array(
    z.object({ number: z.int(), createdAt: z.iso.datetime(), revokedAt: z.optional(z.iso.datetime()) }),
  ),
  readiness: z.optional(
    z.object({
      receivedAt: z.iso.datetime(),
      agentVersion: z.string(),
      findings: z.array(readinessFinding),
    }),
  ),
  /** The facts that it told of its last start in order; absent when it told none, or a crash came after. */
  startedWith: z.optional(
    z.object({ receivedAt: z.iso.datetime(), facts: z.record(z.string(), z.unknown()) }),
  ),
  /** Runs in test mode, the newest first; absent when there was none. No incident, and in no count. */
  tests: z.optional(
    z.array(
      z.object({
        startedAt: z.iso.datetime(),
        /** When Windows came up after it; a test without one is not over, or Windows did not come back. */
        bootedAt: z.optional(z.iso.datetime()),
        agentVersion: z.string(),
        /** The phases it had gone through when it reached the server, in their order, on its own clock. */
        story: z.array(z.object({ phase: z.enum(phases), atMs: z.int() })),
      }),
    ),
  ),
  /** Newest first, at most a hundred. */
  incidents: z.array(incidentRow),
});
export type DeviceDetail = z.infer<typeof deviceDetail>;

/** Healthy machines of the model that an incident's machine has, those that told last first; at most eight. */
export const healthyTwins = z.object({
  devices: z.array(z.object({ deviceId: z.string(), name: z.string(), receivedAt: z.iso.datetime() })),
});
export type HealthyTwins = z.infer<typeof healthyTwins>;

export const deviceEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/devices',
    role: 'viewer',
    summary: 'Machines by name; `after` is the `next` of an earlier page.',
    query: deviceQuery,
    status: 200,
    answer: deviceList,
  }),
  readiness: endpoint({
    method: 'GET',
    path: '/api/devices/readiness',
    role: 'viewer',
    summary: 'How ready the fleet is to be healed.',
    status: 200,
    answer: fleetReadiness,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/devices/:deviceId',
    role: 'viewer',
    summary: 'One machine with its history.',
    status: 200,
    answer: deviceDetail,
  }),
  healthyTwins: endpoint({
    method: 'GET',
    path: '/api/incidents/:incidentId/healthy-machines',
    role: 'viewer',
    summary: 'Healthy machines of the same model, to compare an incident with.',
    status: 200,
    answer: healthyTwins,
  }),
  accept: endpoint({
    method: 'POST',
    path: '/api/devices/:deviceId/accept',
    role: 'operator',
    summary: 'Accepts a machine that enrolled with a token from an image, or that another one spoke as.',
    status: 204,
    answer: 'nothing',
  }),
  retire: endpoint({
    method: 'POST',
    path: '/api/devices/:deviceId/retire',
    role: 'operator',
    summary: 'Refuses a machine from now on; its history stays.',
    status: 204,
    answer: 'nothing',
  }),
};
