import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type DeviceState, deviceEndpoints } from '../../../shared/api/device.ts';
import { areNamesHidden } from './hidden-names.ts';
import { call } from './call.ts';
import { rereadMs } from './query-client.ts';

/** What the inventory is narrowed to. */
export interface DeviceFilter {
  readonly state?: DeviceState | undefined;
  readonly search?: string | undefined;
}

/** The inventory by name, a page at a time. */
export const useDeviceList = ({ state, search }: DeviceFilter) =>
  useInfiniteQuery({
    queryKey: ['devices', state ?? '', search ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call(deviceEndpoints.list, { query: { state, search, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
    refetchInterval: rereadMs,
  });

/** How ready the fleet is to be healed. */
export const useFleetReadiness = () =>
  useQuery({
    queryKey: ['device-readiness'],
    queryFn: ({ signal }) => call(deviceEndpoints.readiness, { signal }),
    refetchInterval: rereadMs,
  });

/** Everything about one machine. */
export const useDevice = (deviceId: string) =>
  useQuery({
    queryKey: ['device', deviceId],
    queryFn: ({ signal }) => call(deviceEndpoints.get, { params: { deviceId }, signal }),
    refetchInterval: rereadMs,
  });

/** Healthy machines of the model that an incident's machine has. */
export const useHealthyTwins = (incidentId: string) =>
  useQuery({
    queryKey: ['healthy-twins', incidentId],
    queryFn: ({ signal }) => call(deviceEndpoints.healthyTwins, { params: { incidentId }, signal }),
  });

/** Accepts or retires a machine; everything that shows it is read again. */
export function useDeviceDecision(deviceId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (decision: 'accept' | 'retire') => call(deviceEndpoints[decision], { params: { deviceId } }),
    onSuccess: () =>
      Promise.all(
        ['device', 'devices', 'device-readiness', 'now'].map(key =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}

/** What a machine is called on the page; names may be left out for a shared screen. */
export const shownName = (name: string, deviceId: string): string =>
  areNamesHidden() ? `Machine ${deviceId.slice(-6)}` : name;
