import { Button, NativeSelect, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import type { RemediationRow } from '../../../../shared/api/remediation.ts';
import { type IncidentAct, useIncidentAct, useRepairsInForce } from '../../api/incident-acts.ts';
import { useScriptReach } from '../../api/remediations.ts';
import dialog from '../../parts/dialog.module.css';
import { Dialog } from '../../parts/dialog.tsx';
import { riskWords } from '../../words/remediations.ts';

export type ActName = Exclude<IncidentAct['kind'], 'withdraw-undo'>;

interface ActDialogProps {
  readonly act: ActName;
  readonly detail: IncidentDetail;
  readonly onClose: () => void;
}

const titles: Readonly<Record<ActName, string>> = {
  assign: 'Choose a repair',
  retry: 'Begin again?',
  'mark-healed': 'Is the machine well again?',
  undo: 'Take the repair back?',
};

/** Asks before something is done about a machine, and says what follows from it. */
export function ActDialog({ act, detail, onClose }: ActDialogProps) {
  const send = useIncidentAct(detail.incident.incidentId);
  const doIt = (wanted: IncidentAct) => send.mutate(wanted, { onSuccess: onClose });
  const parts = { detail, isPending: send.isPending, onDo: doIt };
  return (
    <Dialog title={titles[act]} opened onClose={onClose}>
      <div className={dialog.ask}>
        {act === 'assign' && <Assign {...parts} />}
        {act === 'retry' && <Retry {...parts} />}
        {act === 'mark-healed' && <MarkHealed {...parts} />}
        {act === 'undo' && <Undo {...parts} />}
        {send.error !== null && <p role="alert">{send.error.message}</p>}
      </div>
    </Dialog>
  );
}

interface PartProps {
  readonly detail: IncidentDetail;
  readonly isPending: boolean;
  readonly onDo: (act: IncidentAct) => void;
}

function Assign({ detail, isPending, onDo }: PartProps) {
  const repairs = useRepairsInForce();
  const [chosen, setChosen] = useState('');
  const known = repairs.data ?? [];
  const proposed = detail.matches.find(one => one.verdict === 'matched')?.knownIssueId;
  const repair =
    known.find(one => one.remediationId === (chosen || proposed)) ??
    known.find(one => one.remediationId === proposed) ??
    known[0];
  if (repairs.isPending) return <p>Reading which repairs are in force.</p>;
  if (repair === undefined)
    return (
      <p>
        No repair is in force: approvers have signed none, or what they signed has ended.{' '}
        <Link to="/remediations">Remediations</Link>
      </p>
    );
  return (
    <>
      <NativeSelect
        label="Repair"
        data-autofocus
        value={repair.remediationId}
        onChange={event => setChosen(event.currentTarget.value)}
        data={known.map(one => ({
          value: one.remediationId,
          label: `${one.title}, ${riskWords[one.risk]}`,
        }))}
      />
      <p>
        {detail.device.name} gets it when it asks next, within ten minutes, whatever the policy of its known
        issue. The machine checks the signatures and every guard itself, and does nothing where one does not
        hold. Until it asks you can choose another.
      </p>
      <GiveRepair
        detail={detail}
        repair={repair}
        isPending={isPending}
        onGive={() => onDo({ kind: 'assign', remediationId: repair.remediationId })}
      />
    </>
  );
}

interface GiveRepairProps {
  readonly detail: IncidentDetail;
  readonly repair: RemediationRow;
  readonly isPending: boolean;
  readonly onGive: () => void;
}

/** The button, below what is known of whether this machine would refuse the repair. */
function GiveRepair({ detail, repair, isPending, onGive }: GiveRepairProps) {
  const { incident, device } = detail;
  const version = repair.versionInForce ?? repair.newestVersion;
  const reach = useScriptReach(repair.remediationId, version, incident.incidentId);
  const refusal = reach.data?.refusals[0];
  const isUnknown = refusal === undefined && (reach.data?.unknown.machines ?? 0) > 0;
  return (
    <>
      <p aria-live="polite" className={refusal ? dialog.refuses : dialog.quiet}>
        {refusal && `${device.name} would do nothing with it. ${refusal.sentence}`}
        {isUnknown && `${device.name} never told all that this repair depends on, and may refuse it.`}
      </p>
      <Button loading={isPending} {...(refusal ? { variant: 'default' } : {})} onClick={onGive}>
        {refusal ? 'Give it all the same' : 'Give it this repair'}
      </Button>
    </>
  );
}

function Retry({ detail, isPending, onDo }: PartProps) {
  return (
    <>
      <p>
        When {detail.device.name} asks next, within ten minutes, it is judged as if it called for the first
        time: attempts that failed do not count any more, and every question may be asked again. Nothing on
        the machine changes by this alone. A repair that could be neither finished nor undone is not passed
        over.
      </p>
      <Button data-autofocus loading={isPending} onClick={() => onDo({ kind: 'retry' })}>
        Begin again
      </Button>
    </>
  );
}

function Undo({ detail, isPending, onDo }: PartProps) {
  const [reason, setReason] = useState('');
  const attempt = detail.attempts.at(-1);
  if (attempt === undefined) return null;
  return (
    <>
      <p>
        The healthy Windows of {detail.device.name} puts back what {attempt.remediationId}, version{' '}
        {attempt.remediationVersion}, changed: within a day, or at its next start. If that brings the failure
        back, the machine calls for help again. Until it has told the end you can withdraw this.
      </p>
      <Textarea
        label="Why, for those who read it later"
        data-autofocus
        maxLength={500}
        minRows={2}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
      />
      <Button
        loading={isPending}
        disabled={reason.trim() === ''}
        onClick={() => onDo({ kind: 'undo', attemptId: attempt.attemptId, reason: reason.trim() })}
      >
        Take it back
      </Button>
    </>
  );
}

function MarkHealed({ detail, isPending, onDo }: PartProps) {
  const [note, setNote] = useState('');
  return (
    <>
      <p>
        The incident ends as healed by hand, on your word. This cannot be taken back; should{' '}
        {detail.device.name} call for help again, a new incident opens by itself.
      </p>
      <Textarea
        label="What was done, for those who read it later"
        data-autofocus
        maxLength={500}
        minRows={2}
        value={note}
        onChange={event => setNote(event.currentTarget.value)}
      />
      <Button loading={isPending} onClick={() => onDo({ kind: 'mark-healed', note: note.trim() })}>
        Mark as healed
      </Button>
    </>
  );
}
