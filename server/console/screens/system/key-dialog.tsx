import { Button, TextInput, Textarea } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import {
  type KeyRequestRow,
  refuseRecoveryKey,
  releaseRecoveryKey,
} from '../../../../shared/api/recovery-key.ts';
import { shownName } from '../../api/devices.ts';
import { type KeyDecision, useKeyDecision } from '../../api/recovery-keys.ts';
import dialog from '../../parts/dialog.module.css';
import { Dialog } from '../../parts/dialog.tsx';

export interface KeyAct {
  readonly kind: 'release' | 'refuse';
  readonly request: KeyRequestRow;
}

interface KeyDialogProps {
  readonly act: KeyAct;
  readonly onClose: () => void;
}

/** Asks for what a release needs, or for the reason of a refusal, and says what follows. */
export function KeyDialog({ act: { kind, request }, onClose }: KeyDialogProps) {
  const name = shownName(request.deviceName, request.deviceId);
  const title = kind === 'release' ? `Release the key of ${name}?` : `Refuse ${name}?`;
  return (
    <Dialog title={title} opened onClose={onClose}>
      {kind === 'release' ? (
        <Release request={request} name={name} onClose={onClose} />
      ) : (
        <Refuse request={request} name={name} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly request: KeyRequestRow;
  readonly name: string;
  readonly onClose: () => void;
}

/** Sends a decision that is whole, and closes when it is kept. */
function useSubmit(onClose: () => void) {
  const decide = useKeyDecision();
  const submit = (decision: KeyDecision | undefined) => (event: SyntheticEvent) => {
    event.preventDefault();
    if (decision !== undefined) decide.mutate(decision, { onSuccess: onClose });
  };
  return { decide, submit };
}

/** `k7q29mpd` as it stands on the screen: `K7Q2-9MPD`. */
const codeOf = (typed: string) =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replace(/^(.{4})(.+)$/, '$1-$2');

function Release({ request, name, onClose }: FormProps) {
  const { decide, submit } = useSubmit(onClose);
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [oneTimeCode, setOneTimeCode] = useState('');
  const body = releaseRecoveryKey.safeParse({ code: codeOf(code), reason: reason.trim(), oneTimeCode });
  return (
    <form
      className={dialog.ask}
      onSubmit={submit(
        body.success ? { kind: 'release', requestId: request.requestId, body: body.data } : undefined,
      )}
    >
      <p>
        The machine that shows this code gets the recovery password of {request.volume} on {name}, opens the
        disk and goes on with its repair. It cannot be taken back: make a new key afterwards. Call back on a
        number you know before you release.
      </p>
      {request.sameMachine === 'unknown' && (
        <p>Its firmware tells nothing that could be compared: the code and the caller are all there is.</p>
      )}
      <TextInput
        label="Code on the screen of the machine"
        placeholder="K7Q2-9MPD"
        autoComplete="off"
        data-autofocus
        value={code}
        onChange={event => setCode(event.currentTarget.value)}
      />
      <Textarea
        label="Why, for those who read it later"
        placeholder="ticket 4711, called back"
        maxLength={500}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
      />
      <TextInput
        label="Code of your authenticator"
        placeholder="123456"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={oneTimeCode}
        onChange={event => setOneTimeCode(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
      {decide.error !== null && <p role="alert">{decide.error.message}</p>}
      <Button type="submit" disabled={!body.success} loading={decide.isPending}>
        Release the key
      </Button>
    </form>
  );
}

function Refuse({ request, name, onClose }: FormProps) {
  const { decide, submit } = useSubmit(onClose);
  const [reason, setReason] = useState('');
  const body = refuseRecoveryKey.safeParse({ reason: reason.trim() });
  return (
    <form
      className={dialog.ask}
      onSubmit={submit(
        body.success ? { kind: 'refuse', requestId: request.requestId, body: body.data } : undefined,
      )}
    >
      <p>
        {name} goes to its recovery menu without a key. Whoever stands there can start again and ask anew,
        under another code.
      </p>
      <Textarea
        label="Why, for those who read it later"
        data-autofocus
        maxLength={500}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
      />
      {decide.error !== null && <p role="alert">{decide.error.message}</p>}
      <Button type="submit" disabled={!body.success} loading={decide.isPending}>
        Refuse it
      </Button>
    </form>
  );
}
