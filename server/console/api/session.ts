import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type OpenLink, type SignIn, sessionEndpoints } from '../../../shared/api/session.ts';
import { call } from './call.ts';

const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call(sessionEndpoints.read, { signal }),
  staleTime: 60_000,
});

/** Who is signed in. `data` with `error` means that the session ended while the page was open. */
export const useSession = () => useQuery(sessionQuery);

/** Signs in; every answer refused in the meantime is asked for again. */
export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SignIn) => call(sessionEndpoints.signIn, { body }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

/** Opens a one-time link and makes the account. */
export function useOpenLink() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: OpenLink) => call(sessionEndpoints.openLink, { body }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => call(sessionEndpoints.signOut),
    onSuccess: () => queryClient.clear(),
  });
}
