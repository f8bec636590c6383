import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type AllowedProgramList, allowedProgramEndpoints } from '../../../shared/api/allowed-program.ts';
import type { AllowedProgram } from '../../../shared/remediation/program-policy.ts';
import { call } from './call.ts';

const queryKey = ['allowed-programs'];

/** The programs that bundles allow, and what machines told. */
export const useAllowedPrograms = () =>
  useQuery({ queryKey, queryFn: ({ signal }) => call(allowedProgramEndpoints.list, { signal }) });

/** Puts a program on the list of bundles. */
export function useAllowProgram() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: AllowedProgram) => call(allowedProgramEndpoints.add, { body }),
    onSuccess: (list: AllowedProgramList) => queryClient.setQueryData(queryKey, list),
  });
}

/** Takes a program off it. */
export function useDisallowProgram() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (programId: string) => call(allowedProgramEndpoints.remove, { params: { programId } }),
    onSuccess: (list: AllowedProgramList) => queryClient.setQueryData(queryKey, list),
  });
}
