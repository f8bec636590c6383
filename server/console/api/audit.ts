import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { auditEndpoints } from '../../../shared/api/audit.ts';
import { healthEndpoints } from '../../../shared/api/health.ts';
import { call } from './call.ts';

/** What people and the server did, newest first. */
export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      call(auditEndpoints.list, {
        query: { before: pageParam === undefined ? undefined : String(pageParam) },
        signal,
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: page => page.next,
  });

/** Whether every entry of the log is as it was written. */
export const useAuditCheck = () => useMutation({ mutationFn: () => call(auditEndpoints.verify) });

/**
 * Whether the server and its database serve, and of which version they are. Asked again and again: a server whose
 * database is away cannot tell anybody so.
 */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => call(healthEndpoints.ready, { signal }),
    refetchInterval: 15_000,
  });
