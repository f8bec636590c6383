import { Button } from '@mantine/core';
import { applyFix } from '../../../../shared/remediation/apply-fix.ts';
import type { CheckResult } from '../../../../shared/remediation/check-script.ts';
import { explainScript } from '../../../../shared/remediation/explain-script.ts';
import { advise } from '../../../../shared/remediation/translate/advise.ts';
import styles from './remediation.module.css';

interface MeaningPanelProps {
  readonly checked: CheckResult;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Every mistake with what would be accepted, or what the script will do in plain sentences. */
export function MeaningPanel({ checked, text, onChange }: MeaningPanelProps) {
  const { script, diagnostics } = checked;
  if (!script)
    return (
      <>
        <p className={styles.lead} aria-live="polite">
          {diagnostics.length === 1 ? '1 mistake.' : `${diagnostics.length} mistakes.`} Mend them, and this
          place says what the script does.
        </p>
        <ol className={styles.mistakes}>
          {diagnostics.slice(0, 30).map(({ line, column, code, message, fix }) => (
            <li key={`${line}:${column}:${code}`}>
              <p>
                <b>Line {line}</b> <code>{code}</code>
              </p>
              <p>{message}</p>
              {fix && (
                <Button size="compact-sm" variant="light" onClick={() => onChange(applyFix(text, fix))}>
                  {fix.title}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </>
    );
  const advice = advise(script);
  return (
    <>
      <p className={styles.lead} aria-live="polite">
        No mistakes. This is what it will do:
      </p>
      <ol className={styles.sentences}>
        {explainScript(script).map(({ line, sentence }) => (
          <li key={`${line}${sentence}`}>
            <span className={styles.number}>{line}</span>
            {sentence}
          </li>
        ))}
      </ol>
      {advice.length > 0 && (
        <>
          <h2 className={styles.heading}>To add before it runs</h2>
          <ul className={styles.advice}>
            {advice.map(({ code, line, message, example }) => (
              <li key={`${code}${line ?? ''}`}>
                <p>{message}</p>
                <code>{example}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
