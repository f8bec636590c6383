import { timeParts, utf8Lines } from './text-log.ts';

/** A driver package that goes into the driver store. */
export interface LabDriverPackage {
  readonly inf: string;
  readonly storeFolder: string;
  readonly provider: string;
  /** `07/18/2016,5.0.26`: month first, as Windows writes it. */
  readonly dateAndVersion: string;
}

/** One run of the device installer. */
export interface LabDeviceInstall {
  readonly title: string;
  readonly subject?: string;
  readonly at: Date;
  readonly package?: LabDriverPackage;
  readonly selected?: { readonly description: string; readonly inf: string };
  readonly errors?: readonly string[];
  /** `SUCCESS` when absent. */
  readonly exitStatus?: string;
  /** The machine died before the section had an end. */
  readonly isCutOff?: boolean;
}

const stamp = (at: Date) => {
  const { year, month, day, clock, milliseconds } = timeParts(at);
  return `${year}/${month}/${day} ${clock}.${milliseconds}`;
};

/** Builds setupapi.dev.log: one start of Windows with the given runs, oldest first. */
export function buildDeviceInstallLog(bootedAt: Date, runs: readonly LabDeviceInstall[]): Uint8Array {
  return utf8Lines([
    '[Device Install Log]',
    '     OS Version = 10.0.22631',
    '     Architecture = amd64',
    '',
    '[BeginLog]',
    '',
    `[Boot Session: ${stamp(bootedAt)}]`,
    '',
    ...runs.flatMap(runLines),
  ]);
}

function runLines(run: LabDeviceInstall): string[] {
  const heading = run.subject === undefined ? run.title : `${run.title} - ${run.subject}`;
  return [
    `>>>  [${heading}]`,
    `>>>  Section start ${stamp(run.at)}`,
    ...(run.package ? packageLines(run.package) : []),
    ...(run.selected
      ? [
          '     dvi:           {Select Best Driver}',
          '     dvi:                Selected:',
          `     dvi:                     Description - [${run.selected.description}]`,
          `     dvi:                     InfFile     - [c:\\windows\\inf\\${run.selected.inf}]`,
          '     dvi:                     Section     - [Device_Install]',
          '     dvi:           {Select Best Driver - exit(0x00000000)}',
        ]
      : []),
    ...(run.errors ?? []).map(text => `!!!  dvi:           ${text}`),
    ...(run.isCutOff
      ? []
      : [`<<<  Section end ${stamp(run.at)}`, `<<<  [Exit status: ${run.exitStatus ?? 'SUCCESS'}]`]),
    '',
  ];
}

const packageLines = ({ inf, storeFolder, provider, dateAndVersion }: LabDriverPackage): string[] => [
  `     inf: Provider: ${provider}`,
  '     inf: Class GUID: {4D36E97D-E325-11CE-BFC1-08002BE10318}',
  `     inf: Driver Version: ${dateAndVersion}`,
  `!    sig:           Driver package signer is unknown, but user trusts signer.`,
  `     idb:           Registered driver package '${storeFolder}' with '${inf}'.`,
];
