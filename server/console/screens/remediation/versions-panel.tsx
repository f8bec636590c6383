import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RemediationVersion } from '../../../../shared/api/remediation.ts';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { differenceOfLines } from '../../words/line-difference.ts';
import { remediationWords } from '../../words/remediations.ts';
import styles from './remediation.module.css';

interface VersionsPanelProps {
  readonly versions: readonly RemediationVersion[];
  /** What stands in the editor. */
  readonly text: string;
  readonly onTake: (text: string) => void;
}

/** Every version, none of which ever changes, and what is different in the editor. */
export function VersionsPanel({ versions, text, onTake }: VersionsPanelProps) {
  const [compared, setCompared] = useState<number>();
  if (versions.length === 0)
    return <p className={styles.quiet}>Nothing is saved yet. The first save makes version 1.</p>;
  const against = versions.find(one => one.version === compared) ?? versions[0]!;
  const lines = differenceOfLines(against.text, text);
  const isSame = lines.every(line => line.kind === 'same');
  return (
    <>
      <ul className={styles.versions}>
        {versions.map(version => (
          <li key={version.version}>
            <p>
              <MarkShape mark={remediationWords[version.state].mark} /> <b>Version {version.version}</b>{' '}
              {remediationWords[version.state].word}
            </p>
            <p className={styles.quiet}>
              {version.author}, <Moment at={version.createdAt} as="instant" focusable />
              {version.approval !== undefined && (
                <>
                  {' '}
                  · signed by{' '}
                  {version.approval.signers.map(one => one.owner).join(', ') || 'nobody devices believe'}
                </>
              )}
            </p>
            <p className={styles.quiet}>
              <Exact
                value={version.sha256}
                short={`${version.sha256.slice(0, 16)}…`}
                what="the hash of the script"
              />
            </p>
            <p className={styles.buttons}>
              <Button
                size="compact-sm"
                variant="default"
                aria-pressed={against === version}
                onClick={() => setCompared(version.version)}
              >
                Compare
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => onTake(version.text)}>
                Take into the editor
              </Button>
            </p>
          </li>
        ))}
      </ul>
      <h2 className={styles.heading}>From version {against.version} to the editor</h2>
      {isSame ? (
        <p className={styles.quiet}>They are the same.</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and keyboards must reach it
        <pre className={styles.script} tabIndex={0} aria-label="Difference">
          {lines.map(({ kind, text: line }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other name
            <span key={index} data-kind={kind} className={styles.line}>
              {kind === 'added' ? '+ ' : kind === 'removed' ? '- ' : '  '}
              {line}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </>
  );
}
