import type { Now } from '../../../../shared/api/now.ts';
import { shortClockText } from '../../words/times.ts';
import styles from './now.module.css';

const width = 960;
const height = 150;

/** Machines not back over the last day as an area, healed ones as bars under it; the same numbers as a table. */
export function HealingCurve({ curve }: { readonly curve: Now['curve'] }) {
  const { down, healed } = curve;
  const top = Math.max(1, ...down, ...healed);
  const step = width / down.length;
  const y = (value: number) => height - (value / top) * (height - 6);
  const line = down.map((value, index) => `${index * step},${y(value)} ${(index + 1) * step},${y(value)}`);
  const peak = Math.max(...down);
  const atOf = (index: number) =>
    new Date(Date.parse(curve.startAt) + (index + 1) * curve.stepMinutes * 60_000).toISOString();
  const hours = down.flatMap((_, index) => (index % 4 === 3 ? [index] : []));
  const healedInAll = healed.reduce((sum, value) => sum + value, 0);
  return (
    <figure className={styles.curve}>
      <figcaption>
        <h2>The last 24 hours</h2>
        <p>
          <span className={styles.key} data-of="down" /> not back, {peak.toLocaleString('en')} at most{' '}
          <span className={styles.key} data-of="healed" /> healed, {healedInAll.toLocaleString('en')} in all
        </p>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {healed.map((value, index) =>
          value === 0 ? null : (
            <rect
              key={atOf(index)}
              className={styles.healed}
              x={index * step + 1}
              width={step - 2}
              y={y(value)}
              height={height - y(value)}
            />
          ),
        )}
        <polygon className={styles.area} points={`0,${height} ${line.join(' ')} ${width},${height}`} />
        <polyline className={styles.line} points={line.join(' ')} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={styles.axis} aria-hidden="true">
        {[0, 24, 48, 72].map(index => (
          <span key={index}>{shortClockText(atOf(index - 1))}</span>
        ))}
        <span>now</span>
      </div>
      <details>
        <summary>As a table</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Until</th>
              <th>Not back</th>
              <th>Healed in the hour</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(index => (
              <tr key={index}>
                <td>{shortClockText(atOf(index))}</td>
                <td>{(down[index] ?? 0).toLocaleString('en')}</td>
                <td>
                  {healed
                    .slice(index - 3, index + 1)
                    .reduce((sum, value) => sum + value, 0)
                    .toLocaleString('en')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
