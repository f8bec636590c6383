import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type EnrolmentBundle, newBundle } from '../../../../shared/api/enrolment.ts';
import { useMakeBundle } from '../../api/enrolment.ts';
import { counted } from '../../words/amounts.ts';
import styles from './enrol.module.css';

interface BundleFormProps {
  readonly kind: 'device' | 'image';
  readonly devicePort: number;
}

/** Asks where the server is and how many machines come; gives a file that lets them in. */
export function BundleForm({ kind, devicePort }: BundleFormProps) {
  const make = useMakeBundle();
  const [server, setServer] = useState(() => `https://${location.hostname}:${devicePort}`);
  const [uses, setUses] = useState(kind === 'image' ? '500' : '1');
  const [days, setDays] = useState('7');
  const [proxy, setProxy] = useState('');
  const [helpDesk, setHelpDesk] = useState('');
  const asked = newBundle.safeParse({
    servers: [server],
    kind,
    uses: Number(uses),
    days: Number(days),
    ...(proxy !== '' && { proxy }),
    ...(helpDesk.trim() !== '' && { helpDesk: helpDesk.trim() }),
  });
  const isLocal = /^https:\/\/(localhost|127\.|\[::1\])/.test(server);
  return (
    <>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          if (asked.success) make.mutate(asked.data);
        }}
      >
        <TextInput
          label="Where machines reach this server"
          className={styles.address}
          value={server}
          onChange={event => setServer(event.currentTarget.value.trim())}
        />
        <TextInput
          label="Machines"
          inputMode="numeric"
          className={styles.number}
          value={uses}
          onChange={event => setUses(event.currentTarget.value)}
        />
        <TextInput
          label="Good for days"
          inputMode="numeric"
          className={styles.number}
          value={days}
          onChange={event => setDays(event.currentTarget.value)}
        />
        <TextInput
          label="Proxy, if there is one"
          placeholder="HOST:PORT"
          className={styles.address}
          value={proxy}
          onChange={event => setProxy(event.currentTarget.value.trim())}
        />
        <TextInput
          label="Help desk, as its screen names it"
          placeholder="+33 4 00 00 00 00"
          className={styles.address}
          value={helpDesk}
          onChange={event => setHelpDesk(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!asked.success} loading={make.isPending}>
          Make the bundle
        </Button>
      </form>
      {isLocal && (
        <p className={styles.quiet}>
          Other machines do not find the server under this address. Put in its name or, better for a day on
          which no name is answered, its IP address.
        </p>
      )}
      {proxy !== '' && (
        <p className={styles.quiet}>
          Machines ask the proxy first, and go the direct way where it is away or refuses. One that wants a
          name and a password cannot be used: nobody is signed in there.
        </p>
      )}
      {!asked.success && (
        <p className={styles.quiet}>
          Accepted are https://HOST:PORT, at most 100,000 machines and 366 days, and a proxy as HOST:PORT.
        </p>
      )}
      {make.error !== null && <p role="alert">{make.error.message}</p>}
      <output aria-live="polite">
        {make.data !== undefined && (
          <Made key={make.data.token} bundle={make.data} uses={Number(uses)} days={Number(days)} />
        )}
      </output>
    </>
  );
}

function Made({
  bundle,
  uses,
  days,
}: {
  readonly bundle: EnrolmentBundle;
  readonly uses: number;
  readonly days: number;
}) {
  // The browser forgets it with the page.
  const [address] = useState(() =>
    URL.createObjectURL(
      new Blob([`${JSON.stringify(bundle, undefined, 2)}\n`], { type: 'application/json' }),
    ),
  );
  return (
    <span className={styles.made}>
      <a href={address} download="bundle.json">
        Save bundle.json
      </a>{' '}
      It lets {counted(uses, 'machine')} in for {counted(days, 'day')}. Its token is shown only now; whoever
      has the file can enrol a machine, so delete it when its work is done.
    </span>
  );
}
