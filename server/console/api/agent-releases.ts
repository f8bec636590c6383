import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SteerAgentRelease, agentReleaseEndpoints } from '../../../shared/api/agent-release.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** Releases of the agent, the newest first. Machines that fetch and confirm one are many: they are counted in peace. */
export const useAgentReleases = () =>
  useQuery({
    queryKey: ['agent-releases'],
    queryFn: async ({ signal }) => (await call(agentReleaseEndpoints.list, { signal })).releases,
    refetchInterval: rereadMs,
  });

/** Offers a release to more machines or fewer, halts it, or goes on after a halt. */
export function useSteerRelease() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ number, change }: { readonly number: number; readonly change: SteerAgentRelease }) =>
      call(agentReleaseEndpoints.steer, { params: { number: String(number) }, body: change }),
    onSuccess: () =>
      Promise.all(['agent-releases', 'now'].map(key => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
}
