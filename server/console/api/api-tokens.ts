import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type NewApiToken, apiTokenEndpoints } from '../../../shared/api/api-token.ts';
import { call } from './call.ts';

const queryKey = ['api-tokens'];

/** Every API token, newest first. */
export const useApiTokens = () =>
  useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await call(apiTokenEndpoints.list, { signal })).tokens,
  });

/** Makes a token; its secret is in the answer and nowhere else. */
export function useMakeApiToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiToken) => call(apiTokenEndpoints.create, { body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
  });
}

/** Refuses a token from now on. */
export function useRevokeApiToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (tokenId: string) => call(apiTokenEndpoints.revoke, { params: { tokenId } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
  });
}
