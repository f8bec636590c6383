import { foldName } from '../facts/glob.ts';
import { protectedPlaces } from './protected-places.ts';

// Services that the logon of every Windows waits for.
const services = [
  'RpcSs', 'RpcEptMapper', 'DcomLaunch', 'LSM', 'SamSs', 'ProfSvc', 'Power', 'PlugPlay', 'EventLog', 'gpsvc',
  'BrokerInfrastructure', 'SystemEventsBroker', 'CoreMessagingRegistrar', 'UserManager', 'nsi', 'BFE', 'CryptSvc',
  'TrustedInstaller',
]; // prettier-ignore

const critical = new Set(
  [
    ...services,
    ...protectedPlaces
      .flatMap(({ names = [] }) => names)
      .flatMap(name => /\\drivers\\([^\\]+)\.sys$/i.exec(name)?.[1] ?? []),
  ].map(foldName),
);

/** Whether Windows does not start, or nobody can log on, without this driver or service of Microsoft's. */
export const isBootCritical = (name: string): boolean => critical.has(foldName(name));
