import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { auditCheck, auditList } from '../../../shared/api/audit.ts';
import { health } from '../../../shared/api/health.ts';
import { request } from './request.ts';

/** What people and the server did, newest first. */
export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      request(auditList, pageParam === undefined ? '/api/audit' : `/api/audit?before=${pageParam}`, {
        signal,
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: page => page.next,
  });

/** Whether every entry of the log is as it was written. */
export const useAuditCheck = () =>
  useMutation({ mutationFn: () => request(auditCheck, '/api/audit/verify', { method: 'POST' }) });

/** Whether the server and its database serve, and of which version they are. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => request(health, '/ready', { signal }),
    refetchInterval: 15_000,
  });
