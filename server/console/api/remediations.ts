import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentEndpoints } from '../../../shared/api/incident.ts';
import { type NewSimulation, remediationEndpoints } from '../../../shared/api/remediation.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { type KnownNames, knownNamesOf, noNames } from '../../../shared/remediation/language/known-names.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** Every remediation with where it stands. */
export const useRemediations = () =>
  useQuery({
    queryKey: ['remediations'],
    queryFn: ({ signal }) => call(remediationEndpoints.list, { signal }),
    refetchInterval: rereadMs,
  });

/** One remediation with its versions. */
export const useRemediation = (remediationId: string | undefined) =>
  useQuery({
    queryKey: ['remediation', remediationId],
    queryFn: ({ signal }) =>
      call(remediationEndpoints.get, { params: { remediationId: remediationId ?? '' }, signal }),
    enabled: remediationId !== undefined,
    refetchInterval: rereadMs,
  });

/** Which machines would do nothing with a version: of all, or the one of an incident. */
export const useScriptReach = (remediationId: string, version: number, incidentId?: string) =>
  useQuery({
    queryKey: ['script-reach', remediationId, version, incidentId],
    queryFn: ({ signal }) =>
      call(remediationEndpoints.reach, {
        params: { remediationId, version: String(version) },
        query: incidentId === undefined ? {} : { incidentId },
        signal,
      }),
  });

/** Keeps a text as the next version. */
export function useSaveVersion() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ remediationId, text }: { readonly remediationId: string; readonly text: string }) =>
      call(remediationEndpoints.saveVersion, { params: { remediationId }, body: { text } }),
    onSuccess: (_saved, { remediationId }) =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['remediations'] }),
        queryClient.invalidateQueries({ queryKey: ['remediation', remediationId] }),
      ]),
  });
}

/** Hands a signed approval to the server. */
export function useApprove(remediationId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (envelope: Envelope) => call(remediationEndpoints.approve, { body: { envelope } }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['remediations'] }),
        queryClient.invalidateQueries({ queryKey: ['remediation', remediationId] }),
      ]),
  });
}

/** Tries a script; nothing is changed anywhere. */
export const useSimulation = () =>
  useMutation({
    mutationFn: (body: NewSimulation) => call(remediationEndpoints.simulate, { body }),
  });

/** Machines of the lab. */
export const useLabMachines = () =>
  useQuery({
    queryKey: ['lab-machines'],
    queryFn: ({ signal }) => call(remediationEndpoints.labMachines, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const recentQuery = queryOptions({
  queryKey: ['recent-incidents'],
  queryFn: ({ signal }) => call(incidentEndpoints.list, { query: { limit: '20' }, signal }),
  staleTime: 30_000,
});

/** The newest incidents, to try a script on. */
export const useRecentIncidents = () => useQuery(recentQuery);

const mostRead = 5;

/** What machines of the newest incidents named, for completion. */
export function useKnownNames(): KnownNames {
  const recent = useRecentIncidents();
  const ids = (recent.data?.incidents ?? []).slice(0, mostRead).map(one => one.incidentId);
  const names = useQuery({
    queryKey: ['known-names', ...ids],
    async queryFn({ signal }) {
      const details = await Promise.all(
        ids.map(id => call(incidentEndpoints.get, { params: { incidentId: id }, signal })),
      );
      return knownNamesOf(details.map(detail => parseFacts(detail.facts).facts));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
  return names.data ?? noNames;
}
