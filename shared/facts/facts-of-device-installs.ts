import type { SetupapiLog } from '../bootlog/setupapi-log.ts';
import type { Facts } from './facts.ts';

const longestText = 512;
const version = /^\d{1,9}(\.\d{1,9}){0,3}$/;

/** The facts setupapi.dev.log states: the driver package added last, and what the machine died in. */
export function factsOfDeviceInstalls({
  packages,
  sections,
}: Pick<SetupapiLog, 'packages' | 'sections'>): Facts {
  const [added] = packages;
  const [newest] = sections;
  const unfinished = newest?.outcome === 'unfinished' ? newest : undefined;
  return {
    ...(added && { 'driverInstall.last': packageNameOf(added.storeFolder) }),
    ...(added?.version && version.test(added.version) && { 'driverInstall.lastVersion': added.version }),
    ...(added?.installedAtLocal && { 'driverInstall.lastAtLocal': added.installedAtLocal }),
    ...(unfinished && {
      'driverInstall.unfinished': [unfinished.title, unfinished.subject]
        .filter(text => text !== null)
        .join(' - ')
        .slice(0, longestText),
    }),
  };
}

/** `vboxguest.inf` of `vboxguest.inf_amd64_015c006906a48641`: the name that its maker gave it. */
export const packageNameOf = (storeFolder: string): string =>
  storeFolder.replace(/_(amd64|arm64|x86|arm|ia64|neutral)_.*$/, '').slice(0, longestText);
