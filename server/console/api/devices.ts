import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type DeviceState, deviceDetail, deviceList, fleetReadiness } from '../../../shared/api/device.ts';
import { areNamesHidden } from './hidden-names.ts';
import { command, request } from './request.ts';

/** What the inventory is narrowed to. */
export interface DeviceFilter {
  readonly state?: DeviceState | undefined;
  readonly search?: string | undefined;
}

/** The inventory by name, a page at a time. */
export const useDeviceList = ({ state, search }: DeviceFilter) =>
  useInfiniteQuery({
    queryKey: ['devices', state ?? '', search ?? ''],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (state !== undefined) query.set('state', state);
      if (search !== undefined) query.set('search', search);
      if (pageParam !== undefined) query.set('after', pageParam);
      return request(deviceList, `/api/devices?${query.toString()}`, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  });

/** How ready the fleet is to be healed. */
export const useFleetReadiness = () =>
  useQuery({
    queryKey: ['device-readiness'],
    queryFn: ({ signal }) => request(fleetReadiness, '/api/devices/readiness', { signal }),
  });

const pathOf = (deviceId: string) => `/api/devices/${encodeURIComponent(deviceId)}`;

/** Everything about one machine. */
export const useDevice = (deviceId: string) =>
  useQuery({
    queryKey: ['device', deviceId],
    queryFn: ({ signal }) => request(deviceDetail, pathOf(deviceId), { signal }),
  });

/** Accepts or retires a machine; everything that shows it is read again. */
export function useDeviceDecision(deviceId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (decision: 'accept' | 'retire') =>
      command(`${pathOf(deviceId)}/${decision}`, { method: 'POST' }),
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
