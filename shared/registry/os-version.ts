import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

/** First build of Windows 11. */
const windows11Build = 22_000;

/** Which Windows is installed. */
export interface OsVersion {
  /** For people; Windows 11 calls itself Windows 10 in the registry, which is put right here. */
  readonly product: string | null;
  /** As 22631. */
  readonly build: number | null;
  /** Update build revision, as 3880. */
  readonly revision: number | null;
  /** As `24H2`. */
  readonly release: string | null;
  /** As `Professional`. */
  readonly edition: string | null;
  /** `Client`, `Server`, `Server Core`, ... */
  readonly installationType: string | null;
  /** Branch and build date, as `22621.1.amd64fre.ni_release.220506-1250`. */
  readonly buildLab: string | null;
  readonly installedAt: string | null;
  readonly missing: readonly MissingSetting[];
}

/** Reads version and edition from a SOFTWARE hive. */
export function readOsVersion(hive: Hive): OsVersion {
  const reader = new RegistryReader(hive);
  const path = 'Microsoft\\Windows NT\\CurrentVersion';
  const buildText = reader.getText(path, 'CurrentBuild');
  const revision = reader.getNumber(path, 'UBR');
  const edition = reader.getText(path, 'EditionID');
  const product = reader.getText(path, 'ProductName');
  const key = hive.findKey(path);
  const build = buildText !== null && /^\d{1,9}$/.test(buildText) ? Number(buildText) : null;
  const installed = reader.findNumber(key, 'InstallDate');
  const installationType = reader.findText(key, 'InstallationType');
  const isEleven = build !== null && build >= windows11Build && installationType === 'Client';
  return {
    product: isEleven && product ? product.replace(/^Windows 10\b/, 'Windows 11') : product,
    build,
    revision,
    release: reader.findText(key, 'DisplayVersion') ?? reader.findText(key, 'ReleaseId'),
    edition,
    installationType,
    buildLab: reader.findText(key, 'BuildLabEx'),
    installedAt: installed ? new Date(installed * 1000).toISOString() : null,
    missing: reader.missing,
  };
}
