import { defaultWaits } from '../../../shared/winre/recovery-settings.ts';
import { alignColumns, painter, type Terminal } from '../terminal.ts';
import type { AddedToImage } from './add-to-image.ts';
import type { InspectedImage } from './inspect-image.ts';

const sizeOf = (bytes: number): string =>
  bytes >= 1_000_000
    ? `${(bytes / 1_000_000).toFixed(1)} MB`
    : bytes >= 1000
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${bytes} bytes`;

/** What an image holds, for a person. */
export function imageText(wim: string, image: InspectedImage, terminal: Terminal): string {
  const paint = painter(terminal);
  const { info, architecture, agent, settings, launches, findings } = image;
  const facts: string[][] = [
    [
      'image',
      [
        info.name || 'without a name',
        architecture === 'unknown' ? 'architecture unknown' : architecture,
        info.build && `build ${info.build}`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['holds', `${info.files} files, ${sizeOf(info.totalBytes)} (${info.compression})`],
    ['agent', agent ? `${sizeOf(agent.sizeBytes)}, SHA-256 ${agent.sha256}` : 'not in it'],
  ];
  if (settings) {
    facts.push(['purpose', settings.purpose], ['organization', settings.organization]);
    for (const server of settings.servers) facts.push(['server', server]);
    if (settings.proxy !== undefined) facts.push(['proxy', `${settings.proxy}, before the direct way`]);
    for (const pin of settings.pins) facts.push(['pin', pin]);
    const waits = settings.settings;
    facts.push([
      'waits',
      waits
        ? `every ${waits.waitIntervalMinutes} minutes, ${waits.totalWaitMinutes} minutes in all`
        : `as quick machine recovery is set on the machine, else every ${defaultWaits.waitIntervalMinutes} minutes, ${defaultWaits.totalWaitMinutes} minutes in all`,
    ]);
    facts.push(['token', settings.hasToken ? 'yes, enrols to pending' : 'no']);
    for (const ssid of settings.wifi) facts.push(['Wi-Fi', ssid]);
    for (const { path, sha256 } of settings.programs) facts.push(['may run', `${path} (${sha256})`]);
  }
  facts.push(['offline', image.hasOfflineBundle ? 'a bundle is in it' : 'no bundle']);
  for (const { path, arguments: rest } of launches)
    facts.push(['starts', rest === undefined ? path : `${path} ${rest}`]);
  const told = findings.map(({ weight, code, message }) =>
    weight === 'broken' ? paint('bad', `${code}: ${message}`) : paint('faint', message),
  );
  return `${[paint('strong', wim), ...alignColumns(facts), ...told].join('\n')}\n`;
}

/** What was added to an image, for a person. */
export function additionText(
  wim: string,
  { files, sizeBeforeBytes, sizeAfterBytes, keptAt }: AddedToImage,
): string {
  const rows = files.map(({ place, sizeBytes, isNew }) => [
    isNew ? 'new' : 'replaced',
    place,
    sizeOf(sizeBytes),
  ]);
  const grewBytes = sizeAfterBytes - sizeBeforeBytes;
  const grew = grewBytes < 0 ? `shrank by ${sizeOf(-grewBytes)}` : `grew by ${sizeOf(grewBytes)}`;
  return `${[
    `Bootmend is in ${wim}, read back and verified.`,
    ...alignColumns(rows),
    `The image ${grew}, to ${sizeOf(sizeAfterBytes)}. The image as it was is kept as ${keptAt}.`,
  ].join('\n')}\n`;
}
