import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { CompiledRule } from '../../../../shared/rules/compiled-rule.ts';
import { ConditionList } from './condition-list.tsx';
import { readForm, type TextField, withAdvice, withField } from './edit-source.ts';
import styles from './known-issue.module.css';

interface IssueFormProps {
  readonly source: string;
  /** The compiled rule, while nothing is wrong with the source. */
  readonly rule: CompiledRule | undefined;
  readonly isNew: boolean;
  readonly onChange: (source: string) => void;
}

/** The source as a form: every change goes into the text beside it, and the text's into the form. */
export function IssueForm({ source, rule, isNew, onChange }: IssueFormProps) {
  const form = readForm(source);
  if (!form)
    return (
      <p className={styles.note}>
        The source is no YAML now, so the form waits. What you typed is kept beside it.
      </p>
    );
  const field = (name: TextField) => ({
    value: form.fields[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange(withField(source, name, event.currentTarget.value)),
  });
  return (
    <form className={styles.form} onSubmit={event => event.preventDefault()}>
      <fieldset>
        <legend>What it is</legend>
        {isNew && (
          <TextInput
            label="Name"
            description="Vendor and day, as contoso-2026-01-01. It stays."
            {...field('id')}
          />
        )}
        <TextInput label="Title" {...field('title')} />
        <div className={styles.pair}>
          <TextInput label="Vendor" {...field('vendor')} />
          <TextInput label="Product" {...field('product')} />
        </div>
        <TextInput label="Cause" description="One line, for the list of incidents." {...field('cause')} />
        <Textarea label="Affected" autosize minRows={2} {...field('affected')} />
        <Textarea label="What happened" autosize minRows={3} {...field('summary')} />
      </fieldset>
      <fieldset>
        <legend>When a machine has it</legend>
        <ConditionList source={source} conditions={form.conditions} rule={rule} onChange={onChange} />
      </fieldset>
      <fieldset>
        <legend>What helps</legend>
        <div className={styles.pair}>
          <NativeSelect
            label="Who decides"
            data={[
              { value: 'automatic', label: 'Heals by itself once approved' },
              { value: 'ask', label: 'Asks a person first' },
              { value: 'never', label: 'Only tells a person' },
            ]}
            {...field('policy')}
          />
          <NativeSelect label="Confidence" data={['high', 'medium', 'low']} {...field('confidence')} />
        </div>
        <div className={styles.pair}>
          <TextInput
            label="Priority"
            description="0 to 1000; the higher goes first."
            inputMode="numeric"
            {...field('priority')}
          />
          <TextInput label="Script" description="remediation.mend, or empty." {...field('remediation')} />
        </div>
        <Textarea
          label="Advice"
          description="What a person does, one step a line."
          autosize
          minRows={2}
          defaultValue={form.advice}
          key={form.advice}
          onBlur={event => {
            if (event.currentTarget.value !== form.advice)
              onChange(withAdvice(source, event.currentTarget.value));
          }}
        />
      </fieldset>
    </form>
  );
}
