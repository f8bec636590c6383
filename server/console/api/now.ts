import { useQuery } from '@tanstack/react-query';
import { nowEndpoints } from '../../../shared/api/now.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** How the fleet stands, kept true by live events. */
export const useFleetNow = () =>
  useQuery({
    queryKey: ['now'],
    queryFn: ({ signal }) => call(nowEndpoints.read, { signal }),
    refetchInterval: query => (query.state.error !== null ? 4000 : rereadMs),
  });
