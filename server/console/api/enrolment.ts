import { useMutation, useQuery } from '@tanstack/react-query';
import { type NewBundle, enrolmentEndpoints } from '../../../shared/api/enrolment.ts';
import { call } from './call.ts';
import { here } from './place.ts';

/** What is there to enrol machines with. */
export const useEnrolment = () =>
  useQuery({
    queryKey: ['enrolment'],
    queryFn: ({ signal }) => call(enrolmentEndpoints.read, { signal }),
  });

/** Makes a bundle; its token is in the answer and nowhere else. */
export const useMakeBundle = () =>
  useMutation({ mutationFn: (body: NewBundle) => call(enrolmentEndpoints.makeBundle, { body }) });

/** Where the agent is downloaded. */
export const agentPath = here(enrolmentEndpoints.agent.path);
