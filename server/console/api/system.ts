import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { personEndpoints } from '../../../shared/api/person.ts';
import type { Role } from '../../../shared/api/session.ts';
import { type ChangeLogLevel, systemEndpoints } from '../../../shared/api/system.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** Everything that runs on a timer. */
export const useJobs = () =>
  useQuery({
    queryKey: ['jobs'],
    queryFn: async ({ signal }) => (await call(systemEndpoints.jobs, { signal })).jobs,
    refetchInterval: rereadMs,
  });

/** What lies on the disk and in the database. */
export const useStorage = () =>
  useQuery({
    queryKey: ['storage'],
    queryFn: ({ signal }) => call(systemEndpoints.storage, { signal }),
  });

/** How much the server tells in its log. */
export const useLogLevel = (enabled: boolean) =>
  useQuery({
    queryKey: ['log-level'],
    queryFn: ({ signal }) => call(systemEndpoints.logLevel, { signal }),
    enabled,
    refetchInterval: rereadMs,
  });

export function useLogLevelChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeLogLevel) => call(systemEndpoints.changeLogLevel, { body }),
    onSuccess: view => queryClient.setQueryData(['log-level'], view),
  });
}

/** Every local account. */
export const usePeople = () =>
  useQuery({
    queryKey: ['people'],
    queryFn: async ({ signal }) => (await call(personEndpoints.list, { signal })).people,
  });

export type PersonChange =
  | { readonly kind: 'disable' | 'enable'; readonly accountId: string }
  | { readonly kind: 'role'; readonly accountId: string; readonly role: Role };

export function usePersonChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: PersonChange) => {
      const params = { accountId: change.accountId };
      return change.kind === 'role'
        ? call(personEndpoints.changeRole, { params, body: { role: change.role } })
        : call(personEndpoints[change.kind], { params });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['people'] }),
  });
}

/** A one-time link: for somebody new with a role, or for an account that gets a new password. */
export const usePersonLink = () =>
  useMutation({
    mutationFn: (asked: { readonly role: Role } | { readonly accountId: string }) =>
      'role' in asked
        ? call(personEndpoints.invite, { body: asked })
        : call(personEndpoints.reset, { params: asked }),
  });
