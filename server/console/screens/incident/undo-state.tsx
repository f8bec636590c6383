import { Button } from '@mantine/core';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import type { UndoOrderRow } from '../../../../shared/api/undo-order.ts';
import { useIncidentAct, useUndoOrders } from '../../api/incident-acts.ts';
import { Moment } from '../../parts/moment.tsx';
import styles from './incident.module.css';

const words: Readonly<Record<UndoOrderRow['state'], string>> = {
  asked: 'The machine hears it within a day, or at its next start.',
  undone: 'It was taken back.',
  refused: 'The machine refused it.',
  stuck: 'It could not be taken back whole: somebody must look at this machine.',
  withdrawn: 'It was withdrawn before the machine told anything.',
};

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
      {askedBy.replace(/^account:/, '')} wanted the repair taken back <Moment at={askedAt} as="ago" />: “
      {reason}”. {words[state]} {told}{' '}
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
