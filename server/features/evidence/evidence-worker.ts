// The thread in which evidence is read: a hostile file can cost this thread, never the server.
import { parentPort } from 'node:worker_threads';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { readEvidence } from './read-evidence.ts';

parentPort?.on('message', ({ kind, bytes }: { kind: EvidenceKind; bytes: Uint8Array }) => {
  parentPort?.postMessage(readEvidence(kind, bytes));
});
