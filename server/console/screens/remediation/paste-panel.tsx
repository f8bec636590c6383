import { Button, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { translateText } from '../../../../shared/remediation/translate/translate-text.ts';
import styles from './remediation.module.css';

interface PastePanelProps {
  readonly onTake: (script: string) => void;
}

/** Pasted commands or the steps of an article, as lines of a script; what is left out says why. */
export function PastePanel({ onTake }: PastePanelProps) {
  const [pasted, setPasted] = useState('');
  const translation = useMemo(() => translateText(pasted), [pasted]);
  return (
    <>
      <Textarea
        label="Commands, or the steps of an article"
        description="Nothing you paste is run; it becomes lines that you read."
        placeholder={String.raw`del C:\Windows\System32\drivers\CrowdStrike\C-00000291*.sys`}
        minRows={5}
        rows={6}
        value={pasted}
        onChange={event => setPasted(event.currentTarget.value)}
      />
      <div aria-live="polite">
        {translation.script !== '' && (
          <>
            <h2 className={styles.heading}>As a script</h2>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and keyboards must reach it */}
            <pre className={styles.script} tabIndex={0} aria-label="The script">
              {translation.script}
            </pre>
            <Button size="compact-md" onClick={() => onTake(translation.script)}>
              Put it into the editor
            </Button>
          </>
        )}
        {translation.lines.some(line => line.notes.length > 0) && (
          <>
            <h2 className={styles.heading}>Line by line</h2>
            <ul className={styles.advice}>
              {translation.lines
                .filter(line => line.notes.length > 0)
                .map(({ line, source, kind, notes }) => (
                  <li key={line}>
                    <code>{source}</code>
                    <p>
                      {kind === 'not-translated' ? 'Left out: ' : ''}
                      {notes.join(' ')}
                    </p>
                  </li>
                ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}
