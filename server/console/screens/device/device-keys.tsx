import { Link } from '@tanstack/react-router';
import { useRecoveryKeys } from '../../api/recovery-keys.ts';
import { useSession } from '../../api/session.ts';
import { Exact } from '../../parts/exact.tsx';
import { keyStateWords } from '../../words/recovery-keys.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './device.module.css';

/** Which recovery keys of this machine are kept, without the passwords; for those who may know. */
export function DeviceKeys({ deviceId }: { readonly deviceId: string }) {
  const mayKnow = hasRightsOf(useSession().data?.role, 'operator');
  const keys = useRecoveryKeys(deviceId, mayKnow).data ?? [];
  if (keys.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>Recovery keys</h2>
      <ul className={styles.keys} aria-label="Recovery keys of this machine">
        {keys.map(({ keyId, volume, state }) => (
          <li key={keyId}>
            <span>{volume}</span>
            <Exact value={keyId} what="the key id" />
            <span className={styles.quiet}>{keyStateWords[state]}</span>
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>
        Released at{' '}
        <Link to="/system/$part" params={{ part: 'keys' }}>
          System, Recovery keys
        </Link>
        , when the locked machine asks.
      </p>
    </section>
  );
}
