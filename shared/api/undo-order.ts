import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** An attempt that a person wants taken back. */
export const undoOrderRow = z.object({
  incidentId: z.string(),
  attemptId: z.string(),
  deviceId: z.string(),
  /** `asked`: the machine hears it within a day, or at its next start. The others are how it ended. */
  state: z.enum(['asked', 'undone', 'refused', 'stuck', 'withdrawn']),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  reason: z.string(),
  endedAt: z.optional(z.iso.datetime()),
  /** Why the machine did not: `hive-in-use`, `place-taken`, … */
  code: z.optional(z.string()),
  told: z.optional(z.string()),
});
export type UndoOrderRow = z.infer<typeof undoOrderRow>;

export const undoOrderList = z.object({ orders: z.array(undoOrderRow) });
export type UndoOrderList = z.infer<typeof undoOrderList>;

export const askUndo = z.object({ reason: z.string().check(z.minLength(1), z.maxLength(500)) });

export const undoOrderEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/incidents/:incidentId/undo-orders',
    role: 'viewer',
    summary: 'Attempts of an incident that somebody wanted taken back, and how that ended.',
    status: 200,
    answer: undoOrderList,
  }),
  ofDevice: endpoint({
    method: 'GET',
    path: '/api/devices/:deviceId/undo-orders',
    role: 'viewer',
    summary: 'Attempts on a machine that somebody wanted taken back, the newest hundred.',
    status: 200,
    answer: undoOrderList,
  }),
  ask: endpoint({
    method: 'POST',
    path: '/api/incidents/:incidentId/attempts/:attemptId/undo',
    role: 'operator',
    summary: 'Has a past attempt taken back by the healthy Windows of its machine.',
    body: askUndo,
    status: 204,
    answer: 'nothing',
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/api/incidents/:incidentId/attempts/:attemptId/undo/withdraw',
    role: 'operator',
    summary: 'Withdraws an undo that the machine has not told the end of.',
    status: 204,
    answer: 'nothing',
  }),
};
