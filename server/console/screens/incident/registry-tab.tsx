import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import type { HiveState, RegistryExtract } from '../../../../shared/registry/registry-extract.ts';
import { findRegistryExtract } from '../../api/log-readings.ts';
import { Disagreements } from './disagreements.tsx';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';
import { ReadingGaps } from './reading-gaps.tsx';
import { RegistryDrivers } from './registry-drivers.tsx';
import { SoftwareSection, SystemSection } from './registry-settings.tsx';

const stateWords: Readonly<Record<HiveState, string>> = {
  clean: 'was read as it lies',
  recovered: 'was read with the changes that wait in its logs, as Windows will see it',
  incomplete: 'has changes in a log that is missing, so nothing is told of it',
  unrecovered: 'has changes that its logs do not hold, so nothing is told of it',
  damaged: 'is damaged, so nothing is told of it',
  unreadable: 'could not be read from the disk',
  'too-costly': 'is larger than the agent may read',
  absent: 'is not there',
};

/** The settings of the registry that matter for a start; hives themselves never leave a machine. */
export function RegistryTab({ detail }: { readonly detail: IncidentDetail }) {
  const found = findRegistryExtract(detail.evidence);
  if (found === undefined)
    return (
      <NoEvidence
        title="No registry settings were read"
        evidence={detail.evidence.find(({ kind }) => kind === 'registry-extract')}
      >
        The device tells the settings that matter for a start; hives never leave a machine. What it told at
        once stands under Facts.
      </NoEvidence>
    );
  const { system, software, suspects } = found.content;
  return (
    <>
      <section className={styles.section}>
        <HiveLine name="SYSTEM" hive={system} />
        <HiveLine name="SOFTWARE" hive={software} />
        <p className={styles.quiet}>
          The device read these settings from its hives, which never leave it; the server draws its facts from
          them again.
        </p>
      </section>
      <Disagreements detail={detail} />
      {system.content !== null && (
        <>
          <SystemSection content={system.content} />
          <RegistryDrivers content={system.content} suspects={suspects} />
        </>
      )}
      {software.content !== null && <SoftwareSection content={software.content} />}
      <ReadingGaps evidence={found.evidence} />
    </>
  );
}

interface HiveLineProps {
  readonly name: string;
  readonly hive: RegistryExtract['system'] | RegistryExtract['software'];
}

function HiveLine({ name, hive }: HiveLineProps) {
  return (
    <p className={hive.content === null ? styles.lead : undefined}>
      <b>{name}</b> {stateWords[hive.state]}.
    </p>
  );
}
