import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './call.ts';

/** What events keep true is read again anyway, since an event may be lost. */
export const rereadMs = 30_000;

const isSessionEnd = (error: unknown) => error instanceof ApiError && error.code === 'not-signed-in';
const mayHelpToRepeat = (error: unknown) =>
  error instanceof ApiError && (error.kind === 'unreachable' || error.status >= 500);

/** The cache of everything read from the server. An answer "not signed in" makes the frame look at the session. */
export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    mutationCache: new MutationCache({
      onError(error) {
        if (isSessionEnd(error)) void queryClient.invalidateQueries({ queryKey: ['session'] });
      },
    }),
    queryCache: new QueryCache({
      onError(error, query) {
        if (isSessionEnd(error) && query.queryKey[0] !== 'session')
          void queryClient.invalidateQueries({ queryKey: ['session'] });
      },
    }),
    defaultOptions: {
      queries: {
        // The browser's idea of being offline is often wrong; asking the server is the test.
        networkMode: 'always',
        refetchOnWindowFocus: true,
        staleTime: 5000,
        retry: (failures, error) => failures < 1 && mayHelpToRepeat(error),
        retryDelay: 400,
        refetchInterval: query => (mayHelpToRepeat(query.state.error) ? 4000 : false),
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}
