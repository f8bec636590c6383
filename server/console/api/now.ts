import { useQuery } from '@tanstack/react-query';
import { now } from '../../../shared/api/now.ts';
import { request } from './request.ts';

/** How the fleet stands, kept true by live events. */
export const useFleetNow = () =>
  useQuery({
    queryKey: ['now'],
    queryFn: ({ signal }) => request(now, '/api/now', { signal }),
    refetchInterval: query => (query.state.error !== null ? 4000 : 30_000),
  });
