import type { EvidenceView, IncidentDetail } from '../../../../shared/api/incident.ts';
import { evidencePath } from '../../api/incidents.ts';
import { Exact } from '../../parts/exact.tsx';
import { sizeText } from '../../words/amounts.ts';
import { evidenceStateSentence, evidenceWord, hasBytes } from '../../words/evidence.ts';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';

/** The evidence as files: what each is, where it stands, its hash, and its bytes. */
export function FilesTab({ detail }: { readonly detail: IncidentDetail }) {
  if (detail.evidence.length === 0)
    return (
      <NoEvidence title="No files yet" evidence={undefined}>
        A machine first sends a few kB of facts; files come only when the server asks for them, and never
        anything of the user.
      </NoEvidence>
    );
  return (
    <>
      <p className={styles.quiet}>
        Downloads are the bytes as they came. A crash extract can hold names and addresses of this machine;
        share it with care.
      </p>
      <div className={styles.scroll}>
        <table className={`${styles.table} ${styles.stacks}`}>
          <thead>
            <tr>
              <th>File</th>
              <th>Where it stands</th>
              <th className={styles.number}>Size</th>
              <th>SHA-256</th>
              <th>
                <span className="sr-only">Download</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {detail.evidence.map(one => (
              <File key={one.evidenceId} incidentId={detail.incident.incidentId} evidence={one} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function File({ incidentId, evidence }: { readonly incidentId: string; readonly evidence: EvidenceView }) {
  return (
    <tr>
      <td>
        <b>{evidenceWord(evidence.kind)}</b>
        <br />
        <code className={styles.quiet}>{evidence.name}</code>
      </td>
      <td>{evidenceStateSentence(evidence.state)}</td>
      <td className={styles.number} title={`${evidence.sizeBytes.toLocaleString('en')} bytes`}>
        {sizeText(evidence.sizeBytes)}
      </td>
      <td>
        <Exact value={evidence.sha256} short={`${evidence.sha256.slice(0, 8)}…`} what="the hash" />
      </td>
      <td>
        {hasBytes(evidence.state) && (
          <a href={evidencePath(incidentId, evidence.evidenceId)} download={evidence.name}>
            Download
          </a>
        )}
      </td>
    </tr>
  );
}
