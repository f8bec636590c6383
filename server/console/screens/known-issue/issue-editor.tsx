import { Tabs } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useBlocker } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { KnownIssueDetail, SourceMistake } from '../../../../shared/api/known-issue.ts';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { parseIssue } from '../../../../shared/rules/source/parse-issue.ts';
import { useTriedIssue } from '../../api/known-issues.ts';
import { trialVerdict } from '../../words/known-issues.ts';
import type { EditorHandle } from '../../parts/script-editor/text-editor.tsx';
import { BackTestPanel } from './back-test-panel.tsx';
import { IssueActs } from './issue-acts.tsx';
import { IssueForm } from './issue-form.tsx';
import { IssueGrounds } from './issue-grounds.tsx';
import { type IssueTab, issueTabs, type KnownIssueSearch } from './known-issue-search.ts';
import styles from './known-issue.module.css';
import { Mistakes } from './mistakes.tsx';
import { OneIncident } from './one-incident.tsx';
import { SourceField } from './source-field.tsx';
import { TrialExamples } from './trial-examples.tsx';
import { HealthyWarning } from './healthy-warning.tsx';
import { VersionsPanel } from './versions-panel.tsx';

interface IssueEditorProps {
  readonly start: { readonly source: string; readonly script: string };
  /** Absent while it was never saved. */
  readonly detail: KnownIssueDetail | undefined;
  readonly tab: IssueTab;
  readonly on: string;
  readonly onSearch: (change: Pick<KnownIssueSearch, 'tab' | 'on'>) => void;
  readonly onSaved: (knownIssueId: string) => void;
}

/** Form and source side by side, both of one text; mistakes while typing, and what it comes to on stored incidents. */
export function IssueEditor({ start, detail, tab, on, onSearch, onSaved }: IssueEditorProps) {
  const [source, setSource] = useState(start.source);
  const [script, setScript] = useState(start.script);
  const sourceField = useRef<EditorHandle>(null);
  const scriptField = useRef<EditorHandle>(null);
  const own = useMemo(() => parseIssue(source), [source]);
  const hasScript = own.issue === undefined ? script !== '' : own.issue.remediation !== undefined;
  const sent = {
    source,
    ...(hasScript && { script }),
    ...(on !== '' && { incident: on }),
  };
  const [settled] = useDebouncedValue(sent, 400);
  const tried = useTriedIssue(settled, true);
  const mistakes: readonly SourceMistake[] =
    own.rule === undefined ? own.diagnostics : (tried.data?.mistakes ?? []);
  const scriptMistakes = useMemo(
    () => (hasScript ? checkScript(script).diagnostics : []),
    [hasScript, script],
  );
  const isChanged = source !== start.source || script !== start.script;
  const isLeaving = useRef(false);
  useBlocker({
    shouldBlockFn: () =>
      isChanged && !isLeaving.current && !window.confirm('What you typed is not saved. Leave it?'),
    enableBeforeUnload: () => isChanged,
    disabled: !isChanged,
  });
  const {
    trial,
    conflicts = [],
    explanation,
    noIncident = false,
  } = own.rule === undefined ? {} : (tried.data ?? {});
  return (
    <>
      <IssueActs
        detail={detail}
        text={{ source, ...(hasScript && { script }) }}
        isChanged={isChanged || detail === undefined}
        isClean={mistakes.length === 0 && scriptMistakes.length === 0}
        onSaved={knownIssueId => {
          isLeaving.current = true;
          onSaved(knownIssueId);
        }}
      />
      <output className={styles.verdict} data-stale={tried.isPlaceholderData || undefined}>
        {mistakes.length > 0
          ? `It cannot be saved yet: ${mistakes.length === 1 ? 'one thing is' : `${mistakes.length} things are`} wrong.`
          : trial === undefined
            ? 'Trying it on stored incidents…'
            : trialVerdict(trial, 'the newest')}
      </output>
      {trial !== undefined && <HealthyWarning healthy={trial.healthy} />}
      <Mistakes mistakes={mistakes} field={sourceField} what="source" />
      {conflicts.map(one => (
        <p key={one.knownIssueId} className={styles.note}>
          {one.isCertain ? 'It collides' : 'It may collide'} with “{one.title}”: both have the same priority,
          ask as much and are as sure, and do different things. Give the one that is to go first a higher
          priority.
        </p>
      ))}
      <div className={styles.sides}>
        <div>
          <IssueForm source={source} rule={own.rule} isNew={detail === undefined} onChange={setSource} />
          {own.issue !== undefined && <IssueGrounds issue={own.issue} />}
        </div>
        <div className={styles.texts}>
          <SourceField
            label="Source"
            name="issue.yaml"
            text={source}
            field={sourceField}
            onChange={setSource}
          />
          {(hasScript || script !== '') && (
            <>
              <SourceField
                label="Script"
                name={own.issue?.remediation ?? 'remediation.mend'}
                text={script}
                field={scriptField}
                onChange={setScript}
              />
              <Mistakes mistakes={scriptMistakes} field={scriptField} what="script" />
            </>
          )}
        </div>
      </div>
      <Tabs
        value={tab}
        onChange={next => onSearch({ tab: next as IssueTab })}
        className={styles.tabs}
        keepMounted={false}
      >
        <Tabs.List aria-label="What it comes to">
          {(Object.keys(issueTabs) as IssueTab[])
            .filter(name => detail !== undefined || name === 'incidents' || name === 'one')
            .map(name => (
              <Tabs.Tab key={name} value={name}>
                {issueTabs[name]}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        <Tabs.Panel value="incidents">
          <TrialExamples trial={trial} />
        </Tabs.Panel>
        <Tabs.Panel value="one">
          <OneIncident
            on={on}
            explanation={explanation}
            isMissing={noIncident}
            onChange={next => onSearch({ on: next })}
          />
        </Tabs.Panel>
        {detail !== undefined && (
          <>
            <Tabs.Panel value="back-test">
              <BackTestPanel detail={detail} isChanged={isChanged} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsPanel detail={detail} />
            </Tabs.Panel>
          </>
        )}
      </Tabs>
    </>
  );
}
