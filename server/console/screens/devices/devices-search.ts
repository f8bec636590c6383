import { type DeviceState, deviceStates } from '../../../../shared/api/device.ts';

/** What the address of the inventory says. */
export interface DevicesSearch {
  readonly state?: DeviceState;
  readonly search?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseDevicesSearch(search: Record<string, unknown>): DevicesSearch {
  const state = deviceStates.find(one => one === search['state']);
  const text = ['string', 'number'].includes(typeof search['search']) ? String(search['search']) : '';
  return {
    ...(state === undefined ? {} : { state }),
    ...(text === '' ? {} : { search: text.slice(0, 100) }),
  };
}
