import type { Hive } from '../../../shared/registry/hive.ts';
import {
  type BootConfiguration,
  readBootConfiguration,
} from '../../../shared/registry/boot-configuration.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import { hostSource } from '../../core/collect/host-source.ts';
import { stateFolderOn } from '../../core/state-folder.ts';
import { joinPath } from '../../core/windows-path.ts';
import type { Host } from '../../host/host.ts';
import { readApplicationControl } from '../application-control.ts';
import { findImagePlace, leastFreeBytes, mega, readRecoveryEnvironment } from '../recovery-environment.ts';
import { queryNumbers, runTool } from '../windows-tools.ts';
import { dayOf, provenAt } from './agent-findings.ts';
import { findingOf } from './finding.ts';

export function findEnvironment(host: Host, root: string): ReadinessFinding {
  const { good, bad, unknown } = findingOf('winre-on', 20);
  const environment = readRecoveryEnvironment(host, root);
  const command = 'reagentc /enable';
  if (!environment)
    return unknown('ReAgent.xml cannot be read.', 'Turning WinRE on writes it anew.', command);
  return environment.isEnabled === true ? good('WinRE is on.') : bad('WinRE is off.', 'Turn it on.', command);
}

/** Where the image lies, and whether Windows still has room there for its own updates of it. */
export function findRecoverySpace(host: Host, root: string): ReadinessFinding {
  const { good, bad, unknown } = findingOf('recovery-space', 5);
  const place = findImagePlace(host, root);
  if (!place)
    return unknown(
      'The partition of winre.wim is not found, or WinRE is off.',
      'See which partition it is; it should have 250 MB free.',
      'reagentc /info',
    );
  const found = `winre.wim has ${mega(place.imageBytes)}, its partition ${mega(place.freeBytes)} free.`;
  return place.freeBytes >= leastFreeBytes
    ? good(found)
    : bad(
        found,
        `Windows’ own updates of WinRE need ${mega(leastFreeBytes)}: enlarge the partition as KB5028997 describes.`,
      );
}

/** Whether Windows would come to WinRE by itself. */
export async function findBootPolicy(host: Host, root: string): Promise<ReadinessFinding> {
  const { good, bad, unknown } = findingOf('failure-policy', 10);
  const configuration = await exportBootConfiguration(host, root);
  if (!configuration)
    return unknown('The boot configuration cannot be read.', 'See what stands there.', 'bcdedit /enum');
  const loaders = configuration.loaders.filter(one => !one.windowsPe);
  if (loaders.some(one => one.bootStatusPolicy === 1))
    return bad(
      'bootstatuspolicy ignores all failures, so WinRE never starts.',
      'Let failed starts count again.',
      'bcdedit /set {current} bootstatuspolicy IgnoreShutdownFailures',
    );
  if (loaders.some(one => one.recoveryEnabled === false))
    return bad(
      'recoveryenabled is off, so WinRE never starts.',
      'Turn it on.',
      'bcdedit /set {current} recoveryenabled yes',
    );
  return good('Failed starts lead to WinRE.');
}

async function exportBootConfiguration(host: Host, root: string): Promise<BootConfiguration | undefined> {
  const folder = stateFolderOn(root).path;
  host.files.makeDirectory(folder);
  const file = joinPath(folder, 'bcd-export');
  if (host.files.find(file)) host.files.remove(file);
  const exported = await runTool(host, 'bcdedit', '/export', file);
  const entry = host.files.find(file);
  if (!exported.ok || entry?.kind !== 'file') return undefined;
  const recovered = recoverHive(hostSource(host.files, file, entry.sizeBytes), {});
  const hive: Hive | undefined = recovered.ok ? recovered.hive : undefined;
  const configuration = hive && readBootConfiguration(hive);
  // bcdedit leaves logs of the exported hive beside it.
  for (const name of [file, `${file}.LOG`, `${file}.LOG1`, `${file}.LOG2`])
    if (host.files.find(name)) host.files.remove(name);
  return configuration;
}

export async function findCrashSettings(host: Host): Promise<ReadinessFinding> {
  const { good, bad, unknown } = findingOf('crash-settings', 5);
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CrashControl';
  const numberOf = await queryNumbers(host, key);
  if (!numberOf)
    return unknown('The crash settings cannot be read.', 'See what stands there.', `reg query ${key}`);
  const set = `reg add ${key} /t REG_DWORD /f`;
  if (numberOf('AutoReboot') === 0)
    return bad('Windows stays on the blue screen.', 'Let it restart.', `${set} /v AutoReboot /d 1`);
  return numberOf('CrashDumpEnabled') === 0
    ? bad('Windows writes no dump.', 'Let it write one.', `${set} /v CrashDumpEnabled /d 7`)
    : good('Windows writes a dump and restarts.');
}

/** Whether a policy decides which programs start. That the agent runs here proves nothing for WinRE; a test does. */
export async function findApplicationControl(host: Host, root: string): Promise<ReadinessFinding> {
  const { good, unknown } = findingOf('application-control', 5);
  const { kind, by } = await readApplicationControl(host, root);
  switch (kind) {
    case 'none':
      return good('No policy decides which programs start.');
    case 'enforced':
    case 'unknown': {
      const found =
        kind === 'enforced'
          ? `Only allowed programs start (${by.join(', ')}).`
          : `Whether only allowed programs start cannot be read (${by.join(', ')}).`;
      const atMs = provenAt(host, root);
      return atMs === undefined
        ? unknown(
            found,
            'Sign the agent and allow its signer, then prove that WinRE starts it.',
            'bootmend test --restart',
          )
        : good(`${found} The agent ran in WinRE on ${dayOf(atMs)}.`);
    }
    default:
      return kind satisfies never;
  }
}
