// The thread in which evidence is read: a hostile file can cost this thread, never the server.
import { parentPort } from 'node:worker_threads';
import type { EvidenceTask } from './reading-thread.ts';
import { readToKeep } from './read-to-keep.ts';
import { redactEvidence } from './redact-evidence.ts';

parentPort?.on('message', (task: EvidenceTask) => {
  const { kind, bytes } = task;
  parentPort?.postMessage(
    task.does === 'read' ? readToKeep(kind, bytes) : redactEvidence(kind, bytes, task.host),
  );
});
