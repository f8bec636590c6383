import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type OpenLink, type SignIn, session } from '../../../shared/api/session.ts';
import { command, request } from './request.ts';

const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request(session, '/api/session', { signal }),
  staleTime: 60_000,
});

/** Who is signed in. `data` with `error` means that the session ended while the page was open. */
export const useSession = () => useQuery(sessionQuery);

/** Signs in; every answer refused in the meantime is asked for again. */
export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SignIn) => command('/api/session', { method: 'POST', body }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

/** Opens a one-time link and makes the account. */
export function useOpenLink() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: OpenLink) => command('/api/session/link', { method: 'POST', body }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => command('/api/session', { method: 'DELETE' }),
    onSuccess: () => queryClient.clear(),
  });
}
