import type { IncidentState } from '../../../shared/api/incident.ts';
import { type Mark, stateWords } from '../words/states.ts';
import styles from './state-mark.module.css';

const shapes: Readonly<Record<Mark, React.ReactNode>> = {
  down: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  person: <circle cx="8" cy="8" r="4.75" fill="none" stroke="currentColor" strokeWidth="2.5" />,
  healing: (
    <>
      <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" />
    </>
  ),
  confirming: (
    <circle
      cx="8"
      cy="8"
      r="5.25"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeDasharray="0.1 4.02"
      strokeLinecap="round"
    />
  ),
  healed: (
    <path
      d="M3 8.6 6.4 12 13 4.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  closed: (
    <>
      <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5.4 8h5.2" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
};

/** The colour and shape of a mark, without its word; always beside text that says the same. */
export function MarkShape({ mark, size = 14 }: { readonly mark: Mark; readonly size?: number }) {
  return (
    <svg
      className={styles.shape}
      data-mark={mark}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
    >
      {shapes[mark]}
    </svg>
  );
}

/** A state as colour, shape and word. */
export function StateMark({
  state,
  strong = false,
}: {
  readonly state: IncidentState;
  readonly strong?: boolean;
}) {
  const { mark, word } = stateWords[state];
  return (
    <span className={styles.mark} data-mark={mark} data-strong={strong || undefined}>
      <MarkShape mark={mark} size={strong ? 16 : 14} />
      {word}
    </span>
  );
}
