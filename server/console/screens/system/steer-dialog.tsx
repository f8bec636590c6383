import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { AgentReleaseRow, SteerAgentRelease } from '../../../../shared/api/agent-release.ts';
import { useSteerRelease } from '../../api/agent-releases.ts';
import dialog from '../../parts/dialog.module.css';
import { Dialog } from '../../parts/dialog.tsx';
import { haltReason } from '../../words/agent-releases.ts';

interface SteerDialogProps {
  readonly kind: SteerAgentRelease['kind'];
  /** The share that was chosen. */
  readonly percent: number;
  readonly release: AgentReleaseRow;
  readonly onClose: () => void;
}

/** Says what follows before a release is offered wider, halted, or let go on. */
export function SteerDialog({ kind, percent, release, onClose }: SteerDialogProps) {
  const { number, version, haltedBecause = '' } = release;
  const steer = useSteerRelease();
  const [reason, setReason] = useState('');
  const act = (change: SteerAgentRelease) => steer.mutate({ number, change }, { onSuccess: onClose });
  const title = {
    offer: `Offer agent ${version} to ${percent} % of the machines?`,
    halt: `Halt agent ${version}?`,
    resume: `Go on with agent ${version}?`,
  }[kind];
  return (
    <Dialog title={title} opened onClose={onClose}>
      <div className={dialog.ask}>
        {kind === 'offer' && (
          <>
            <p>
              {percent > release.percent
                ? 'Each machine hears of it with its next daily word, takes it while Windows is healthy, and goes back to the older one by itself where it does not run. The release halts by itself when more than one in ten of them fails or falls silent.'
                : 'Machines beyond this share are not offered it any more. Those that have it keep it.'}
            </p>
            <Button data-autofocus loading={steer.isPending} onClick={() => act({ kind, percent })}>
              Offer it to {percent} %
            </Button>
          </>
        )}
        {kind === 'halt' && (
          <>
            <p>
              From now on no machine is offered it and none fetches it. Those that have it keep it. You can go
              on later.
            </p>
            <Textarea
              label="Why, for those who read it later"
              data-autofocus
              maxLength={200}
              value={reason}
              onChange={event => setReason(event.currentTarget.value)}
            />
            <Button
              color="red"
              disabled={reason.trim() === ''}
              loading={steer.isPending}
              onClick={() => act({ kind, reason: reason.trim() })}
            >
              Halt it
            </Button>
          </>
        )}
        {kind === 'resume' && (
          <>
            <p>
              It was halted: {haltReason(haltedBecause)}. Machines are offered it again, and only what happens
              from now on counts against it.
            </p>
            <Button data-autofocus loading={steer.isPending} onClick={() => act({ kind })}>
              Go on
            </Button>
          </>
        )}
        {steer.error !== null && <p role="alert">{steer.error.message}</p>}
      </div>
    </Dialog>
  );
}
