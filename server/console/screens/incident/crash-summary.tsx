import { explainBugcheck } from '../../../../shared/crashdump/bugcheck.ts';
import type { CrashDump } from '../../../../shared/crashdump/crash-dump.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { durationText } from '../../words/amounts.ts';
import styles from './evidence.module.css';
import { parameterMeanings } from './parameter-meanings.ts';

const certainty: Readonly<Record<CrashDump['culprit']['confidence'], string>> = {
  high: 'almost certain',
  medium: 'likely',
  low: 'a guess',
  none: 'not known',
};

/** Culprit first, then what Windows said, in plain words with the exact values beside. */
export function CrashSummary({ dump }: { readonly dump: CrashDump }) {
  const { bugcheck, culprit, fault } = dump;
  const meanings = parameterMeanings(bugcheck);
  return (
    <>
      <section className={styles.section}>
        <p className={styles.lead}>
          <b>{culprit.module ?? 'No driver can be named'}</b>, {certainty[culprit.confidence]}:{' '}
          {culprit.because}
        </p>
        <p className={styles.lead}>
          {explainBugcheck(bugcheck.code)}{' '}
          <span className={styles.quiet}>
            (<code>{bugcheck.code}</code> {bugcheck.name ?? 'a code without a known name'})
          </span>
        </p>
        {dump.suspects.length > 0 && (
          <ul className={styles.quiet}>
            {dump.suspects.map(({ module, because }) => (
              <li key={module}>
                Suspect: <b>{module}</b>, {because}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={styles.section}>
        <h2>Where and when</h2>
        <dl className={styles.pairs}>
          <dt>Fault</dt>
          <dd>
            {fault === null ? (
              'The dump does not say where.'
            ) : (
              <>
                <Exact value={faultPlace(fault)} what="the fault" />{' '}
                <span className={styles.quiet}>
                  at <code>{fault.address}</code>
                </span>
              </>
            )}
          </dd>
          {bugcheck.parameters.map((value, index) => (
            <Parameter
              key={meanings[index]}
              name={`Parameter ${index + 1}`}
              value={value}
              meaning={meanings[index]}
            />
          ))}
          <dt>Crashed</dt>
          <dd>
            {dump.capturedAt === null ? 'not told' : <Moment at={dump.capturedAt} as="instant" focusable />}
            {dump.upTimeSeconds !== null && (
              <span className={styles.quiet}>
                , {durationText(dump.upTimeSeconds * 1000)} after the start
              </span>
            )}
          </dd>
          <dt>Process</dt>
          <dd>{dump.process ?? 'not told'}</dd>
          {dump.logonPhase !== undefined && (
            <>
              <dt>Logon</dt>
              <dd>
                had reached <code>{dump.logonPhase}</code>
              </dd>
            </>
          )}
          <dt>Windows</dt>
          <dd>
            {dump.osBuild === null ? 'build not told' : `base build ${dump.osBuild}`}, {dump.architecture}
            {dump.processors !== null && `, ${dump.processors} processors`}, {dump.format} dump
          </dd>
          <dt>Signature</dt>
          <dd>
            <Exact value={dump.signature} what="the signature" />{' '}
            <span className={styles.quiet}>{dump.label}</span>
          </dd>
        </dl>
      </section>
    </>
  );
}

interface ParameterProps {
  readonly name: string;
  readonly value: string;
  readonly meaning: string | undefined;
}

function Parameter({ name, value, meaning }: ParameterProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton value={value} what={name.toLowerCase()} /> <span className={styles.quiet}>{meaning}</span>
      </dd>
    </>
  );
}

function faultPlace({ address, module, offset }: NonNullable<CrashDump['fault']>): string {
  return module === null ? address : `${module}+${offset ?? '0x0'}`;
}
