import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type RefuseRecoveryKey,
  type ReleaseRecoveryKey,
  recoveryKeyEndpoints,
} from '../../../shared/api/recovery-key.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** Recovery keys that are kept, of one machine or of all, without the passwords; those to make anew come first. */
export const useRecoveryKeys = (deviceId?: string, enabled = true) =>
  useQuery({
    queryKey: ['recovery-keys', deviceId ?? ''],
    queryFn: async ({ signal }) =>
      (await call(recoveryKeyEndpoints.list, { query: { deviceId }, signal })).keys,
    enabled,
  });

/** Locked machines that ask, and what people decided, newest first. One that leaves tells nobody. */
export const useKeyRequests = () =>
  useQuery({
    queryKey: ['key-requests'],
    queryFn: async ({ signal }) => (await call(recoveryKeyEndpoints.requests, { signal })).requests,
    refetchInterval: rereadMs,
  });

export type KeyDecision =
  | { readonly kind: 'release'; readonly requestId: string; readonly body: ReleaseRecoveryKey }
  | { readonly kind: 'refuse'; readonly requestId: string; readonly body: RefuseRecoveryKey };

/** Releases a key to a waiting machine, or sends it away; also what was not done may have changed the request. */
export function useKeyDecision() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (decision: KeyDecision) => {
      const params = { requestId: decision.requestId };
      return decision.kind === 'release'
        ? call(recoveryKeyEndpoints.release, { params, body: decision.body })
        : call(recoveryKeyEndpoints.refuse, { params, body: decision.body });
    },
    onSettled: () =>
      Promise.all(
        ['key-requests', 'recovery-keys', 'now'].map(key =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
