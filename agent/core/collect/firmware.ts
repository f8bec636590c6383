import type { Facts } from '../../../shared/facts/facts.ts';
import type { Host } from '../../host/host.ts';

const longestModel = 200;

/** Model, firmware and memory, as the firmware tells them. */
export function factsOfFirmware(host: Host): Facts {
  const { model, firmwareVersion, memoryMB } = host.machine.readIdentity();
  return {
    ...(model !== undefined && { 'device.model': model.slice(0, longestModel) }),
    ...(firmwareVersion !== undefined && { 'firmware.version': firmwareVersion.slice(0, longestModel) }),
    ...(memoryMB !== undefined && { 'device.memoryMB': memoryMB }),
  };
}
