import type { Readiness } from '../../shared/wire/readiness.ts';
import type { Host } from '../host/host.ts';

/** What the firmware says of this machine, as it is told: another answer than at enrolment means that a disk was copied. */
export function toldIdentity(host: Host): Readiness['device'] {
  const { name, serial, smbiosId } = host.machine.readIdentity();
  return {
    name,
    ...(serial !== undefined && { serial }),
    ...(smbiosId !== undefined && { smbiosId }),
  };
}
