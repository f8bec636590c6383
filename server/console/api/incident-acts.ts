import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentEndpoints } from '../../../shared/api/incident.ts';
import { remediationEndpoints } from '../../../shared/api/remediation.ts';
import { undoOrderEndpoints } from '../../../shared/api/undo-order.ts';
import { call } from './call.ts';

export type IncidentAct =
  | { readonly kind: 'retry' }
  | { readonly kind: 'assign'; readonly remediationId: string }
  | { readonly kind: 'mark-healed'; readonly note: string }
  | { readonly kind: 'undo' | 'withdraw-undo'; readonly attemptId: string; readonly reason: string };

/** What a person does about an incident; its page is read again. */
export function useIncidentAct(incidentId: string) {
  const queryClient = useQueryClient();
  const params = { incidentId };
  return useMutation({
    mutationFn: (act: IncidentAct) => {
      switch (act.kind) {
        case 'retry':
          return call(incidentEndpoints.retry, { params });
        case 'assign':
          return call(incidentEndpoints.assign, { params, body: { remediationId: act.remediationId } });
        case 'mark-healed':
          return call(incidentEndpoints.markHealed, {
            params,
            body: act.note === '' ? {} : { note: act.note },
          });
        case 'undo':
          return call(undoOrderEndpoints.ask, {
            params: { ...params, attemptId: act.attemptId },
            body: { reason: act.reason },
          });
        case 'withdraw-undo':
          return call(undoOrderEndpoints.withdraw, { params: { ...params, attemptId: act.attemptId } });
        default:
          return act satisfies never;
      }
    },
    onSuccess: () =>
      Promise.all(
        ['incident', 'undo-orders'].map(key =>
          queryClient.invalidateQueries({ queryKey: [key, incidentId] }),
        ),
      ),
  });
}

/** Repairs of an incident that somebody wanted taken back. */
export const useUndoOrders = (incidentId: string, enabled: boolean) =>
  useQuery({
    queryKey: ['undo-orders', incidentId],
    queryFn: async ({ signal }) =>
      (await call(undoOrderEndpoints.list, { params: { incidentId }, signal })).orders,
    enabled,
  });

/** Repairs of a machine, of any of its incidents, that somebody wanted taken back, newest first. */
export const useUndoOrdersOfDevice = (deviceId: string) =>
  useQuery({
    queryKey: ['undo-orders', 'of-device', deviceId],
    queryFn: async ({ signal }) =>
      (await call(undoOrderEndpoints.ofDevice, { params: { deviceId }, signal })).orders,
  });

/** Repairs that approvers signed and machines may run. */
export const useRepairsInForce = () =>
  useQuery({
    queryKey: ['remediations'],
    queryFn: ({ signal }) => call(remediationEndpoints.list, { signal }),
    select: ({ remediations }) => remediations.filter(one => one.state === 'in-force'),
  });
