import { createHash } from 'node:crypto';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import {
  type PortableExecutable,
  readPortableExecutable,
} from '../../../shared/portable-executable/portable-executable.ts';
import { isAgentApp } from '../../../shared/winre/agent-app.ts';
import { imagePlaces, type ImageSettings, parseImageSettings } from '../../../shared/winre/agent-settings.ts';
import { type LaunchedApp, readLaunchFile, recoveryMenu } from '../../../shared/winre/launch-file.ts';
import { type ImageInfo, type ImageResult, readImageFile, readImageInfo } from './wimlib.ts';

/** What stands in the way of a machine that starts from this image being healed. */
export interface ImageFinding {
  readonly code:
    | 'agent-missing'
    | 'agent-not-first'
    | 'settings-missing'
    | 'settings-damaged'
    | 'launch-file-missing'
    | 'recovery-menu-missing'
    | 'password-in-image'
    | 'token-in-image';
  /** `note` is worth knowing and hinders nothing. */
  readonly weight: 'broken' | 'note';
  readonly message: string;
}

/** What programs of an image are made for. */
export type Architecture = PortableExecutable['architecture'];

/** An image as it is: what Windows it is, and what of Bootmend is in it. Holds no secret. */
export interface InspectedImage {
  readonly info: ImageInfo;
  readonly architecture: Architecture;
  readonly agent?: { readonly sizeBytes: number; readonly sha256: string };
  readonly settings?: Pick<
    ImageSettings,
    'organization' | 'purpose' | 'servers' | 'proxy' | 'pins' | 'settings'
  > & {
    readonly hasToken: boolean;
    readonly wifi: readonly string[];
    readonly programs: NonNullable<ImageSettings['programs']>;
  };
  readonly hasOfflineBundle: boolean;
  readonly launches: readonly LaunchedApp[];
  readonly findings: readonly ImageFinding[];
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file of an image; undefined when it is not in it, a problem when it cannot be read. */
export async function findImageFile(
  wim: string,
  index: number,
  place: string,
): Promise<ImageResult<Uint8Array | undefined>> {
  const read = await readImageFile(wim, index, place);
  return !read.ok && read.problem.code === 'file-not-in-image' ? { ok: true, value: undefined } : read;
}

/** The architecture of an image, by a program that every Windows has; `unknown` where it is not there or is none. */
export async function readArchitecture(wim: string, index: number): Promise<ImageResult<Architecture>> {
  const found = await findImageFile(wim, index, 'Windows\\System32\\kernel32.dll');
  if (!found.ok) return found;
  const read = found.value && readPortableExecutable(memorySource(found.value));
  return { ok: true, value: read?.ok ? read.image.architecture : 'unknown' };
}

/** Reads what an image holds of Bootmend, and what is missing for it to work. */
export async function inspectImage(wim: string, index: number): Promise<ImageResult<InspectedImage>> {
  const info = await readImageInfo(wim, index);
  if (!info.ok) return info;
  const architecture = await readArchitecture(wim, index);
  if (!architecture.ok) return architecture;
  const places = [
    imagePlaces.agent,
    imagePlaces.settings,
    imagePlaces.bundle,
    imagePlaces.launchFile,
    menuPlace,
  ];
  const files: (Uint8Array | undefined)[] = [];
  for (const place of places) {
    const found = await findImageFile(wim, index, place);
    if (!found.ok) return found;
    files.push(found.value);
  }
  const [agent, settingsFile, bundle, launchFile, menu] = files;
  const settings = settingsFile && parseSettings(settingsFile);
  const launches = launchFile ? readLaunchFile(textOfUtf8(launchFile).text) : [];
  const findings = [...findBroken({ agent, settingsFile, settings, launchFile, launches, menu })];
  if (settings?.token !== undefined)
    findings.push(note('token-in-image', 'An enrolment token is in it: machines enrol to pending.'));
  if (settings?.wifi && settings.wifi.length > 0)
    findings.push(note('password-in-image', 'Wi-Fi passwords are in it, readable by whoever holds it.'));
  return {
    ok: true,
    value: {
      info: info.value,
      architecture: architecture.value,
      ...(agent && { agent: { sizeBytes: agent.length, sha256: sha256Of(agent) } }),
      ...(settings && { settings: summaryOf(settings) }),
      hasOfflineBundle: bundle !== undefined,
      launches,
      findings,
    },
  };
}

const menuPlace = recoveryMenu.path.slice('X:\\'.length);

function* findBroken(found: {
  readonly agent: Uint8Array | undefined;
  readonly settingsFile: Uint8Array | undefined;
  readonly settings: ImageSettings | undefined;
  readonly launchFile: Uint8Array | undefined;
  readonly launches: readonly LaunchedApp[];
  readonly menu: Uint8Array | undefined;
}): Generator<ImageFinding> {
  const { agent, settingsFile, settings, launchFile, launches, menu } = found;
  const broken = (code: ImageFinding['code'], message: string): ImageFinding => ({
    code,
    weight: 'broken',
    message,
  });
  if (!agent) yield broken('agent-missing', `No agent at ${imagePlaces.agent}.`);
  if (!settingsFile) yield broken('settings-missing', `No settings at ${imagePlaces.settings}.`);
  else if (!settings) yield broken('settings-damaged', 'The settings beside the agent cannot be read.');
  if (launches.length === 0)
    yield broken(
      'launch-file-missing',
      launchFile ? 'winpeshl.ini starts nothing.' : 'No winpeshl.ini: this image opens a command prompt.',
    );
  else if (!isAgentApp(launches[0]!))
    yield broken('agent-not-first', `${launches[0]!.path} starts before the agent.`);
  if (!menu)
    yield note('recovery-menu-missing', 'No recovery menu in it: when the agent ends, the machine restarts.');
}

function parseSettings(bytes: Uint8Array): ImageSettings | undefined {
  try {
    const parsed = parseImageSettings(JSON.parse(textOfUtf8(bytes).text));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

const summaryOf = ({
  organization,
  purpose,
  servers,
  proxy,
  pins,
  settings,
  token,
  wifi,
  programs,
}: ImageSettings) => ({
  organization,
  purpose,
  servers,
  ...(proxy !== undefined && { proxy }),
  pins,
  settings,
  hasToken: token !== undefined,
  wifi: (wifi ?? []).map(({ ssid }) => ssid),
  programs: programs ?? [],
});

const note = (code: ImageFinding['code'], message: string): ImageFinding => ({
  code,
  weight: 'note',
  message,
});
