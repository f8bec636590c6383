import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentEndpoints } from '../../../shared/api/incident.ts';
import { remediationEndpoints } from '../../../shared/api/remediation.ts';
import { call } from './call.ts';

export type IncidentAct =
  | { readonly kind: 'retry' }
  | { readonly kind: 'assign'; readonly remediationId: string }
  | { readonly kind: 'mark-healed'; readonly note: string };

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
        default:
          return act satisfies never;
      }
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['incident', incidentId] }),
  });
}

/** Repairs that approvers signed and machines may run. */
export const useRepairsInForce = () =>
  useQuery({
    queryKey: ['remediations'],
    queryFn: ({ signal }) => call(remediationEndpoints.list, { signal }),
    select: ({ remediations }) => remediations.filter(one => one.state === 'in-force'),
  });
