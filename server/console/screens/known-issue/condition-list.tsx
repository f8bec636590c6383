import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { vocabulary } from '../../../../shared/facts/vocabulary.ts';
import type { CompiledRule, Condition } from '../../../../shared/rules/compiled-rule.ts';
import { sayCondition } from '../../../../shared/rules/say-condition.ts';
import { compileCondition } from '../../../../shared/rules/source/compile-condition.ts';
import { IssueDocument } from '../../../../shared/rules/source/issue-document.ts';
import type { ConditionSource } from '../../../../shared/rules/source/issue-schema.ts';
import { factCondition, type Question, questions, withCondition, withoutCondition } from './edit-source.ts';
import styles from './known-issue.module.css';

interface ConditionListProps {
  readonly source: string;
  readonly conditions: readonly ConditionSource[] | undefined;
  readonly rule: CompiledRule | undefined;
  readonly onChange: (source: string) => void;
}

/** The conditions that must all hold, as sentences, and a line to add one. */
export function ConditionList({ source, conditions, rule, onChange }: ConditionListProps) {
  const compiled = rule?.when.kind === 'all' ? rule.when.conditions : conditions?.map(compileAlone);
  return (
    <>
      {conditions === undefined ? (
        <p className={styles.quiet}>This rule is not one list of conditions. Change it in the source.</p>
      ) : (
        <ol className={styles.conditions}>
          {conditions.map((one, index) => {
            const condition = compiled?.[index];
            const text = condition ? sayTree(condition) : sayAsWritten(one);
            return (
              <li key={`${index} ${text}`}>
                <span>{text}</span>
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Take out: ${text}`}
                  onClick={() => onChange(withoutCondition(source, index))}
                >
                  Take out
                </Button>
              </li>
            );
          })}
        </ol>
      )}
      <NewCondition onAdd={condition => onChange(withCondition(source, condition))} />
    </>
  );
}

/** One condition by itself, while something else in the source is wrong. */
const compileAlone = (source: ConditionSource) => compileCondition(source, new IssueDocument('when: alone'));

/** A condition that cannot be read, in the words that stand in the source. */
function sayAsWritten(source: unknown): string {
  if (typeof source !== 'object' || source === null) return `Cannot be read: ${String(source)}`;
  const words = Object.entries(source).map(([key, value]) =>
    typeof value === 'object' ? `${key} ${JSON.stringify(value)}` : `${key} ${String(value)}`,
  );
  return `Cannot be read: ${words.join(', ')}`;
}

function sayTree(condition: Condition, isNegated = false): string {
  if (condition.kind === 'not') return sayTree(condition.condition, !isNegated);
  if (!('conditions' in condition)) return sayCondition(condition, isNegated);
  const isAll = (condition.kind === 'all') !== isNegated;
  const parts = condition.conditions.map(one => {
    const said = sayTree(one, isNegated).slice(0, -1);
    // Between semicolons what belongs together is plain; ways within ways need brackets.
    return said.startsWith('One of: ') ? `(${said})` : said;
  });
  return isAll ? `${parts.join(' and ')}.` : `One of: ${parts.join('; ')}.`;
}

function NewCondition({ onAdd }: { readonly onAdd: (condition: ConditionSource) => void }) {
  const [fact, setFact] = useState('');
  const [question, setQuestion] = useState<Question>('equals');
  const [text, setText] = useState('');
  const isWhole = fact !== '' && (question === 'exists' || text !== '');
  const add = () => {
    onAdd(factCondition(fact, question, text));
    setFact('');
    setText('');
  };
  return (
    <div className={styles.newCondition}>
      <TextInput
        label="Fact"
        list="facts-that-machines-report"
        value={fact}
        onChange={event => setFact(event.currentTarget.value)}
      />
      <datalist id="facts-that-machines-report">
        {vocabulary
          .filter(one => one.type !== 'file' && one.type !== 'search')
          .map(one => (
            <option key={one.name} value={one.example[0]}>
              {one.meaning}
            </option>
          ))}
      </datalist>
      <NativeSelect
        label="Question"
        data={Object.entries(questions).map(([value, label]) => ({ value, label }))}
        value={question}
        onChange={event => setQuestion(event.currentTarget.value as Question)}
      />
      <TextInput
        label="Value"
        disabled={question === 'exists'}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && isWhole) add();
        }}
      />
      <Button variant="default" disabled={!isWhole} onClick={add}>
        Add condition
      </Button>
    </div>
  );
}
