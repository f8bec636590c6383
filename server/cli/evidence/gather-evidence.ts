import type { EvidenceFile, EvidenceProblem, Found } from './evidence-file.ts';
import { findEvidence } from './find-evidence.ts';
import { type EvidenceKind, type EvidenceReading, logKinds, readEvidence } from './read-evidence.ts';
import { type FirstLook, lookAt } from './recognise.ts';

/** A file that was read, or that should have been and could not. */
export type GatheredFile = { readonly path: string } & (
  EvidenceReading | { readonly kind: EvidenceKind | null; readonly problem: EvidenceProblem }
);

/** All evidence of the wanted kinds below some paths. */
export interface Gathered {
  readonly files: readonly GatheredFile[];
  /** Files of folders and archives that are something else. */
  readonly passedOver: number;
}

/**
 * Reads what is wanted of files, folders and archives, and tells `note` of every file there is. What a person named and
 * is something else is a problem.
 */
export async function gatherEvidence(
  paths: readonly string[],
  isWanted: (kind: EvidenceKind) => boolean,
  note: (file: EvidenceFile) => void = () => undefined,
): Promise<Gathered> {
  const files: GatheredFile[] = [];
  let passedOver = 0;
  await findEvidence(paths, async found => {
    if ('file' in found) note(found.file);
    const gathered = await gatherOne(found, isWanted);
    if (gathered) files.push(gathered);
    else passedOver++;
  });
  return { files, passedOver };
}

async function gatherOne(
  found: Found,
  isWanted: (kind: EvidenceKind) => boolean,
): Promise<GatheredFile | undefined> {
  if (!('file' in found)) return { path: found.path, kind: null, problem: found.problem };
  const { file } = found;
  const { path, isNamed } = file;
  const refused = (problem: EvidenceProblem, kind: EvidenceKind | null = null) => ({ path, kind, problem });
  const head = await file.readHead();
  if (!head.ok) return refused(head.problem);
  const look = lookAt(head.value, file.sizeBytes);
  // The logs of a hive are read together with it.
  if (look === 'hive-log') return undefined;
  if (look === 'archive') return refused(nestedArchive);
  if (!kindsBehind(look).some(isWanted)) return isNamed ? refused(wrongKind(look)) : undefined;
  const opened = await file.open(open => readEvidence(open, look));
  if (!opened.ok) return refused(opened.problem);
  if (opened.problem) return refused(opened.problem);
  const read = opened.value;
  if (!read) return isNamed ? refused(wrongKind('other')) : undefined;
  const kind = read.ok ? read.evidence.kind : read.kind;
  if (!isWanted(kind)) return isNamed ? refused(wrongKind(kind)) : undefined;
  // Windows has many old programs and resources that begin like a driver and are none.
  if (!isNamed && !read.ok && read.problem.code === 'not-an-executable') return undefined;
  return read.ok ? { path, ...read.evidence } : refused(read.problem, kind);
}

/** What a file may turn out to be. */
function kindsBehind(look: FirstLook): readonly EvidenceKind[] {
  if (look === 'text' || look === 'small') return logKinds;
  if (look === 'event-log') return ['system-events'];
  return look === 'crash-dump' || look === 'hive' || look === 'driver' ? [look] : [];
}

const nestedArchive: EvidenceProblem = {
  code: 'archive-in-archive',
  message: 'an archive inside of an archive is not opened; unpack it and name it itself',
};

const wrongKind = (what: string): EvidenceProblem =>
  what === 'other'
    ? { code: 'not-recognised', message: 'the file is no evidence that can be read: no dump, log or hive' }
    : {
        code: 'other-kind',
        message: `the file holds something else (${what}); "bootmend read" takes every kind`,
      };
