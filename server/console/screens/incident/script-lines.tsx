import type { AttemptView } from '../../../../shared/api/incident.ts';
import type { ToolProof } from '../../../../shared/wire/outcome.ts';
import { Moment } from '../../parts/moment.tsx';
import { Exact } from '../../parts/exact.tsx';
import { FindingMark } from '../../parts/finding-mark.tsx';
import { counted, sizeText } from '../../words/amounts.ts';
import { describeStep } from '../../words/attempts.ts';
import styles from './script-lines.module.css';

type Step = AttemptView['steps'][number];

/** The script as it was signed, line by line, with what each line means and did. */
export function ScriptLines({ attempt }: { readonly attempt: AttemptView }) {
  const lines = attempt.script.replace(/\n$/, '').split('\n');
  return (
    <ol className={styles.script} aria-label="Script">
      {lines.map((text, index) => {
        const line = index + 1;
        const sentence = attempt.sentences.find(one => one.line === line)?.sentence;
        const step = attempt.steps.find(one => one.line === line);
        return (
          <li key={line} data-blank={text.trim() === '' || undefined}>
            <span className={styles.number} aria-hidden="true">
              {line}
            </span>
            <Code text={text} />
            <p className={styles.sentence}>{sentence}</p>
            {step !== undefined && <StepResult step={step} />}
          </li>
        );
      })}
    </ol>
  );
}

/** The first word of a line is what it does, so it carries the weight. */
function Code({ text }: { readonly text: string }) {
  const [, indent = '', verb = '', rest = ''] = /^(\s*)(\S*)(.*)$/.exec(text) ?? [];
  return (
    <code
      className={styles.code}
      data-comment={verb.startsWith('#') || undefined}
      style={{ paddingLeft: `${indent.length + 2}ch` }}
    >
      <b>{verb}</b>
      {rest}
    </code>
  );
}

function StepResult({ step }: { readonly step: Step }) {
  return (
    <div className={styles.result}>
      <p>
        <FindingMark finding={step.state === 'done' ? 'yes' : 'no'}>{describeStep(step.state)}</FindingMark>
        {step.changes.length > 0 && <span>{counted(step.changes.length, 'change')}</span>}
        {step.code !== undefined && <code>{step.code}</code>}
      </p>
      <ul>
        {step.changes.map(change => (
          <li key={change.what ?? change.path}>
            <Exact value={change.path} what="the path" />
            {change.toPath !== undefined && (
              <>
                {' → '}
                <Exact value={change.toPath} what="the new path" />
              </>
            )}
            {change.what !== undefined && <p>{change.what}</p>}
            <p>
              {changeWord(change.kind)}
              {change.tool !== undefined && ` ${change.tool}, ${change.ended ?? 'cut off before its end'}`}
              {change.provenBy !== undefined && `, ${proofWords[change.provenBy]}`}
              {change.sizeBytes !== undefined && `, ${sizeText(change.sizeBytes)}`}
              {change.writtenAt !== undefined && (
                <>
                  , written <Moment at={change.writtenAt} as="instant" focusable />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where it showed that a tool did what it was run for. */
const proofWords: Readonly<Record<ToolProof, string>> = {
  volume: 'shown on the volume',
  'boot-store': 'shown in the boot store',
  'repair-log': 'shown in its own log',
  'tool-word': 'by its word alone: nothing on the machine shows it',
};

const changeWords: Readonly<Record<string, string>> = {
  delete: 'Deleted',
  rename: 'Renamed',
  copy: 'Copied',
  'edit-registry': 'Edited',
  'run-tool': 'Ran',
  'collect-evidence': 'Offered',
  'show-message': 'Shown on its screen',
};
const changeWord = (kind: string) => changeWords[kind] ?? kind;
