import type { EvidenceView, IncidentDetail } from '../../../../shared/api/incident.ts';
import { roles } from '../../../../shared/api/session.ts';
import { areNamesHidden } from '../../api/hidden-names.ts';
import { evidencePath } from '../../api/incidents.ts';
import { useSession } from '../../api/session.ts';
import { Exact } from '../../parts/exact.tsx';
import { sizeText } from '../../words/amounts.ts';
import { downloadOf, evidenceStateSentence, evidenceWord } from '../../words/evidence.ts';
import styles from './evidence.module.css';
import { NoEvidence } from './no-evidence.tsx';

/** The evidence as files: what each is, where it stands, its hash, and its bytes, with or without names. */
export function FilesTab({ detail }: { readonly detail: IncidentDetail }) {
  const { data: session } = useSession();
  if (detail.evidence.length === 0)
    return (
      <NoEvidence title="No files yet" evidence={undefined}>
        A machine first sends a few kB of facts; files come only when the server asks for them, and never
        anything of the user.
      </NoEvidence>
    );
  const mayDownload = session !== undefined && roles.indexOf(session.role) >= roles.indexOf('operator');
  return (
    <>
      <p className={styles.quiet}>
        {areNamesHidden()
          ? 'Names are hidden, so downloads come without names of people, machines and networks: text as text, of a dump or event log what was read in it. Pseudonyms are counted anew in each file. Show names in the menu to take the bytes as they came.'
          : 'Downloads are the bytes as they came, with names and addresses of this machine; share them with care. Hide names in the menu to take them without.'}{' '}
        Every download is noted.{!mayDownload && ' Only operators and admins can download.'}
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
              <File
                key={one.evidenceId}
                incidentId={detail.incident.incidentId}
                evidence={one}
                mayDownload={mayDownload}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface FileProps {
  readonly incidentId: string;
  readonly evidence: EvidenceView;
  readonly mayDownload: boolean;
}

function File({ incidentId, evidence, mayDownload }: FileProps) {
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
      <td>{mayDownload && <Download incidentId={incidentId} evidence={evidence} />}</td>
    </tr>
  );
}

function Download({ incidentId, evidence }: Omit<FileProps, 'mayDownload'>) {
  const download = downloadOf(evidence, areNamesHidden());
  if (download === undefined) return null;
  if (!download.isPossible) return <span className={styles.quiet}>{download.words}</span>;
  // The server names the file: without names it is another one.
  return (
    <a href={evidencePath(incidentId, evidence.evidenceId)} download>
      {download.words}
    </a>
  );
}
