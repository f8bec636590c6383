import { Button } from '@mantine/core';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { useIncidentAct, useUndoOrders } from '../../api/incident-acts.ts';
import { Moment } from '../../parts/moment.tsx';
import { personOf } from '../../words/people.ts';
import { undoWords } from '../../words/undo-orders.ts';
import styles from './incident.module.css';

interface UndoStateProps {
  readonly detail: IncidentDetail;
  readonly mayAct: boolean;
}

/** Repairs that somebody wanted taken back, and how that stands. */
export function UndoState({ detail, mayAct }: UndoStateProps) {
  const { incidentId } = detail.incident;
  const orders = useUndoOrders(incidentId, true);
  const act = useIncidentAct(incidentId);
  return (orders.data ?? []).map(({ attemptId, state, askedBy, askedAt, reason, told }) => (
    <p key={`${attemptId} ${askedAt}`} className={styles.quiet}>
      {personOf(askedBy)} wanted the repair taken back <Moment at={askedAt} as="ago" />: “{reason}”.{' '}
      {undoWords[state].meaning} {told}{' '}
      {state === 'asked' && mayAct && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={act.isPending}
          onClick={() => act.mutate({ kind: 'withdraw-undo', attemptId, reason })}
        >
          Withdraw it
        </Button>
      )}
    </p>
  ));
}
