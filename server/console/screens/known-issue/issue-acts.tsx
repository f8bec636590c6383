import { Button } from '@mantine/core';
import { useState } from 'react';
import type { KnownIssueDetail } from '../../../../shared/api/known-issue.ts';
import { useIssueAct, useSaveIssue } from '../../api/known-issues.ts';
import { useSession } from '../../api/session.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { counted } from '../../words/amounts.ts';
import { policyWords } from '../../words/known-issues.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './known-issue.module.css';

interface IssueActsProps {
  readonly detail: KnownIssueDetail | undefined;
  readonly text: { readonly source: string; readonly script?: string };
  readonly isChanged: boolean;
  readonly isClean: boolean;
  readonly onSaved: (knownIssueId: string) => void;
}

/** Save, publish, withdraw: what each will do is said before it is done. */
export function IssueActs({ detail, text, isChanged, isClean, onSaved }: IssueActsProps) {
  const session = useSession();
  const save = useSaveIssue();
  const act = useIssueAct(detail?.row.knownIssueId ?? '');
  const [asked, setAsked] = useState<'publish' | 'withdraw'>();
  const isAuthor = hasRightsOf(session.data?.role, 'author');
  const isOperator = hasRightsOf(session.data?.role, 'operator');
  const canSave = isAuthor && isChanged && isClean && !save.isPending;
  const doSave = () => {
    if (canSave) save.mutate(text, { onSuccess: saved => onSaved(saved.knownIssueId) });
  };
  useShortcuts([{ keys: ['s'], does: 'Save as a draft', run: doSave }]);
  const shown = detail?.versions.find(one => one.version === detail.version);
  const canPublish =
    detail !== undefined &&
    !isChanged &&
    shown?.state !== 'published' &&
    detail.version === detail.row.newest;
  const isInForce = detail?.row.inForce !== undefined;
  const error = save.error ?? act.error;
  const close = () => setAsked(undefined);
  const confirm = () => {
    close();
    if (asked === 'publish' && detail) act.mutate({ kind: 'publish', version: detail.version });
    if (asked === 'withdraw') act.mutate({ kind: 'withdraw' });
  };
  return (
    <div className={styles.acts}>
      <Button onClick={doSave} disabled={!canSave} loading={save.isPending}>
        Save as a draft
      </Button>
      {canPublish && (
        <Button
          variant="default"
          disabled={!isOperator}
          loading={act.isPending}
          onClick={() => setAsked('publish')}
        >
          Publish version {detail.version}…
        </Button>
      )}
      {isInForce && (
        <Button variant="default" disabled={!isOperator} onClick={() => setAsked('withdraw')}>
          Withdraw…
        </Button>
      )}
      <span className={styles.quiet}>
        {isChanged && detail !== undefined
          ? 'Not saved yet. Saving makes a new version; machines keep the one in force.'
          : !isAuthor
            ? 'You may read and try it; the role author saves.'
            : !isOperator && canPublish
              ? 'The role operator publishes.'
              : ''}
      </span>
      {error !== null && (
        <p role="alert" className={styles.refused}>
          {error.message} Nothing you typed is lost.
        </p>
      )}
      <Dialog
        title={asked === 'publish' ? 'Publish it?' : 'Withdraw it?'}
        opened={asked !== undefined}
        onClose={close}
      >
        <p>
          {asked === 'publish' && detail
            ? `From now on machines that call for help are matched with version ${detail.version}, and open incidents are matched again within a minute. It ${policyWords[detail.row.policy]}. Withdrawing takes it back.`
            : `No machine is matched with it any more. ${counted(detail?.row.machinesDown ?? 0, 'machine')} that ${detail?.row.machinesDown === 1 ? 'has' : 'have'} it now will count as unexplained within a minute. Saving and publishing it again takes this back.`}
        </p>
        <div className={styles.acts}>
          <Button onClick={confirm}>{asked === 'publish' ? 'Publish' : 'Withdraw'}</Button>
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
