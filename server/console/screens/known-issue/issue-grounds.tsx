import type { IssueSource } from '../../../../shared/rules/source/issue-schema.ts';
import styles from './known-issue.module.css';

/** What a known issue rests on, and what is easily taken for it. It is written in the source. */
export function IssueGrounds({ issue: { sources, unproven = [], lookAlikes = [] } }: { issue: IssueSource }) {
  return (
    <section className={styles.grounds}>
      <h2>Where it is known from</h2>
      <ul>
        {sources.map(({ title, url, publishedOn }) => (
          <li key={`${url} ${title}`}>
            <a href={url} rel="noreferrer" target="_blank">
              {title}
            </a>
            {publishedOn !== undefined && <span className={styles.quiet}> {publishedOn}</span>}
          </li>
        ))}
      </ul>
      {unproven.length > 0 && (
        <>
          <h3>No source says</h3>
          <ul>
            {unproven.map(one => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
      {lookAlikes.length > 0 && (
        <>
          <h3>Not to be taken for it</h3>
          <ul>
            {lookAlikes.map(({ title, difference }) => (
              <li key={title}>
                <strong>{title}</strong> <span className={styles.quiet}>{difference}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
