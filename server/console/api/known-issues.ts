import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type TryIssue, knownIssueEndpoints } from '../../../shared/api/known-issue.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** All known issues with the machines that have them. */
export const useKnownIssues = () =>
  useQuery({
    queryKey: ['known-issues'],
    queryFn: async ({ signal }) => (await call(knownIssueEndpoints.list, { signal })).issues,
    refetchInterval: rereadMs,
  });

/** One known issue; looked at often while a back-test of it runs. */
export const useKnownIssue = (knownIssueId: string, version: number | undefined) =>
  useQuery({
    queryKey: ['known-issue', knownIssueId, version ?? 'newest'],
    queryFn: ({ signal }) =>
      call(knownIssueEndpoints.get, {
        params: { knownIssueId },
        query: { version: version === undefined ? undefined : String(version) },
        signal,
      }),
    refetchInterval: query =>
      query.state.data?.versions.some(one => one.backTest?.state === 'running') ? 700 : rereadMs,
  });

/** What would come of a source on stored incidents; the last answer stands until the next one. */
export const useTriedIssue = (body: TryIssue, isReady: boolean) =>
  useQuery({
    queryKey: ['tried-issue', body],
    queryFn: ({ signal }) => call(knownIssueEndpoints.try, { body, signal }),
    enabled: isReady,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    refetchInterval: rereadMs,
  });

/** The draft of a known issue made from an incident. */
export const useProposal = (incidentId: string | undefined) =>
  useQuery({
    queryKey: ['issue-proposal', incidentId],
    queryFn: ({ signal }) =>
      call(knownIssueEndpoints.propose, { params: { incidentId: incidentId ?? '' }, signal }),
    enabled: incidentId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Keeps a source as the next version. */
export function useSaveIssue() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { source: string; script?: string }) => call(knownIssueEndpoints.save, { body }),
    onSuccess: () => forget(queryClient),
  });
}

export type IssueAct =
  { readonly kind: 'publish' | 'back-test'; readonly version: number } | { readonly kind: 'withdraw' };

/** Publishes, withdraws or back-tests a known issue. */
export function useIssueAct(knownIssueId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (act: IssueAct) => {
      if (act.kind === 'withdraw') return call(knownIssueEndpoints.withdraw, { params: { knownIssueId } });
      const params = { knownIssueId, version: String(act.version) };
      return call(knownIssueEndpoints[act.kind === 'publish' ? 'publish' : 'backTest'], { params });
    },
    onSuccess: () => forget(queryClient),
  });
}

const forget = (queryClient: ReturnType<typeof useQueryClient>) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['known-issues'] }),
    queryClient.invalidateQueries({ queryKey: ['known-issue'] }),
  ]);
