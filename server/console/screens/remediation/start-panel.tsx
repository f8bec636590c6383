import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  fillTemplate,
  type Template,
  templates,
} from '../../../../shared/remediation/templates/template-table.ts';
import styles from './remediation.module.css';

/** Templates for usual jobs: choose one, fill its places, take it into the editor. */
export function StartPanel({ onTake }: { readonly onTake: (text: string) => void }) {
  const [chosen, setChosen] = useState<Template>();
  if (chosen) return <Fill template={chosen} onTake={onTake} onBack={() => setChosen(undefined)} />;
  return (
    <>
      <h2 className={styles.heading}>Start from a template</h2>
      <ul className={styles.templates}>
        {templates.map(template => (
          <li key={template.id}>
            <button type="button" onClick={() => setChosen(template)}>
              <b>{template.title}</b>
              <span>{template.when}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface FillProps {
  readonly template: Template;
  readonly onTake: (text: string) => void;
  readonly onBack: () => void;
}

function Fill({ template, onTake, onBack }: FillProps) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault();
        onTake(fillTemplate(template, values));
      }}
    >
      <h2 className={styles.heading}>{template.title}</h2>
      {template.fields.map(({ name, meaning, example }) => (
        <TextInput
          key={name}
          label={name}
          description={meaning}
          placeholder={example}
          value={values[name] ?? ''}
          onChange={event => setValues({ ...values, [name]: event.currentTarget.value })}
        />
      ))}
      <p className={styles.buttons}>
        <Button type="submit">Put it into the editor</Button>
        <Button variant="default" onClick={onBack}>
          Other templates
        </Button>
      </p>
    </form>
  );
}
