import { Button, Tabs, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { type RemediationDetail, remediationId as idSchema } from '../../../../shared/api/remediation.ts';
import { checkScript } from '../../../../shared/remediation/check-script.ts';
import { formatScript } from '../../../../shared/remediation/format-script.ts';
import { useKnownNames, useSaveVersion } from '../../api/remediations.ts';
import { useSession } from '../../api/session.ts';
import { usePageHead } from '../../frame/page-head.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { LazyScriptEditor } from '../../parts/script-editor/lazy-script-editor.tsx';
import { MarkShape } from '../../parts/state-mark.tsx';
import { useCurrentInSight } from '../../parts/use-current-in-sight.ts';
import { remediationWords, riskWords } from '../../words/remediations.ts';
import { MeaningPanel } from './meaning-panel.tsx';
import { PastePanel } from './paste-panel.tsx';
import { type SideTab, sideTabs } from './remediation-search.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './remediation.module.css';
import { SignPanel } from './sign-panel.tsx';
import { StartPanel } from './start-panel.tsx';
import { TryPanel } from './try-panel.tsx';
import { useDraft } from './use-draft.ts';
import { VersionsPanel } from './versions-panel.tsx';

/** The author's desk: the script in its editor, and beside it what it does, a trial, a translation, versions, signatures. */
export function ScriptDesk({ detail }: { readonly detail: RemediationDetail | undefined }) {
  const newest = detail?.versions[0];
  const draft = useDraft(detail?.remediationId ?? 'new', newest?.text ?? '');
  const { text, change } = draft;
  const checked = useMemo(() => checkScript(text), [text]);
  const known = useKnownNames();
  const search = useSearch({ strict: false }) as { readonly tab?: SideTab };
  const navigate = useNavigate();
  const tab = search.tab ?? (detail === undefined && text === '' ? 'paste' : 'meaning');
  const tabs = (Object.keys(sideTabs) as SideTab[]).filter(
    name => detail !== undefined || (name !== 'versions' && name !== 'sign'),
  );
  const row = useRef<HTMLDivElement>(null);
  useCurrentInSight(row, tab);
  const open = (next: string | null) =>
    void navigate({
      to: '.',
      search: { tab: tabs.find(one => one === next) ?? 'meaning' } as never,
      replace: true,
      resetScroll: false,
    });
  const title = checked.script?.about?.title ?? detail?.remediationId ?? 'New script';
  usePageHead(title, newest && remediationWords[newest.state].mark);
  const format = () => checked.script && change(formatScript(checked.script));
  const take = (next: string) => {
    change(next);
    open('meaning');
  };
  useShortcuts(
    tabs.map((name, index) => ({ keys: [String(index + 1)], does: sideTabs[name], run: () => open(name) })),
  );
  const isAuthor = hasRightsOf(useSession().data?.role, 'author');
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.quiet}>
            {newest ? (
              <>
                <MarkShape mark={remediationWords[newest.state].mark} /> {remediationWords[newest.state].word}{' '}
                · version {newest.version} · {riskWords[newest.risk]}
              </>
            ) : (
              'Not saved yet. What you type stays in this browser.'
            )}
            {draft.isChanged && newest !== undefined && ' · changed in this browser, not saved'}
          </p>
        </div>
      </div>
      <div className={styles.desk}>
        <div className={styles.side} data-side="editor">
          <LazyScriptEditor text={text} onChange={change} known={known} label="Script" />
          <div className={styles.buttons}>
            <Button variant="default" onClick={format} disabled={checked.script === undefined}>
              Format
            </Button>
            {draft.isChanged && (
              <Button variant="default" onClick={draft.discard}>
                Discard changes
              </Button>
            )}
            {isAuthor ? (
              <SaveForm
                detail={detail}
                text={text}
                isSound={checked.script !== undefined}
                onSaved={draft.discard}
              />
            ) : (
              <p className={styles.quiet}>
                You may read and change it here; the role author saves and tries.
              </p>
            )}
          </div>
        </div>
        <div className={styles.side}>
          <Tabs value={tab} onChange={open}>
            <Tabs.List ref={row} aria-label="Beside the script">
              {tabs.map(name => (
                <Tabs.Tab key={name} value={name}>
                  {sideTabs[name]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={tab} className={styles.panel}>
              {tab === 'meaning' && <MeaningPanel checked={checked} text={text} onChange={change} />}
              {tab === 'try' && <TryPanel text={text} isSound={checked.script !== undefined} />}
              {tab === 'paste' && (
                <>
                  <PastePanel onTake={take} />
                  <StartPanel onTake={take} />
                </>
              )}
              {tab === 'versions' && (
                <VersionsPanel versions={detail?.versions ?? []} text={text} onTake={change} />
              )}
              {tab === 'sign' && detail && <SignPanel detail={detail} isChanged={draft.isChanged} />}
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </>
  );
}

interface SaveFormProps {
  readonly detail: RemediationDetail | undefined;
  readonly text: string;
  readonly isSound: boolean;
  readonly onSaved: () => void;
}

/** Keeps what the editor holds as the next version, which never changes again. */
function SaveForm({ detail, text, isSound, onSaved }: SaveFormProps) {
  const save = useSaveVersion();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const remediationId = detail?.remediationId ?? typed.trim();
  const isNamed = idSchema.safeParse(remediationId).success;
  const isNew = text !== detail?.versions[0]?.text;
  const submit = () =>
    save.mutate(
      { remediationId, text },
      {
        onSuccess() {
          onSaved();
          if (detail === undefined)
            void navigate({ to: '/remediations/$remediationId', params: { remediationId } });
        },
      },
    );
  return (
    <form
      className={styles.save}
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      {detail === undefined && (
        <TextInput
          aria-label="Name of the remediation"
          placeholder="vendor-2026-01-31"
          value={typed}
          error={typed !== '' && !isNamed ? 'Lower case, digits and dashes.' : undefined}
          onChange={event => setTyped(event.currentTarget.value)}
        />
      )}
      <Button type="submit" disabled={!isSound || !isNew || !isNamed} loading={save.isPending}>
        {detail === undefined ? 'Save as version 1' : `Save as version ${detail.versions[0]!.version + 1}`}
      </Button>
      <output className={styles.quiet} aria-live="polite">
        {save.error !== null
          ? save.error.message
          : save.data !== undefined && !isNew
            ? `Version ${save.data.version} is saved.`
            : ''}
      </output>
    </form>
  );
}
