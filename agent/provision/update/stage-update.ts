import { bytesOfBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import type { AgentReleaseDocument } from '../../../shared/trust/documents.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { openAgentRelease } from '../../../shared/trust/open-agent-release.ts';
import { type AgentReleaseRequest, parseAgentReleasePiece } from '../../../shared/wire/agent-release.ts';
import { DeviceMemory } from '../../core/device-memory.ts';
import { postMessage } from '../../core/server-client.ts';
import { stateFolderOn } from '../../core/state-folder.ts';
import { type Host, HostError } from '../../host/host.ts';
import { readWholeFile, replaceFile } from '../file-work.ts';
import { nextAgentOn, registerStartupTask } from '../startup-task.ts';
import { type Done, failed } from '../windows-tools.ts';
import { writeUpdateRecord } from './update-record.ts';

/**
 * Takes a newer agent that the server offers to a healthy Windows: who signed it is checked first, then it is fetched,
 * going on where an earlier run was cut off, then every byte is compared with what was signed. It is put beside the
 * installed agent and runs first at the next start; nothing of the installed one is touched here.
 */
export async function stageUpdate(
  host: Host,
  root: string,
  sealed: Envelope,
  running: string,
): Promise<Done<{ readonly to: string }>> {
  try {
    return await stage(host, root, sealed, running);
  } catch (error) {
    if (error instanceof HostError) return failed(error.failure.code, error.message);
    throw error;
  }
}

async function stage(
  host: Host,
  root: string,
  sealed: Envelope,
  running: string,
): Promise<Done<{ readonly to: string }>> {
  if (host.machine.readEnvironment() !== 'windows')
    return failed('not-in-windows', 'The agent is updated in a Windows that runs.');
  const loaded = DeviceMemory.load(host, root);
  if (!loaded.ok) return failed(loaded.problem.code, loaded.problem.message);
  const { memory } = loaded;
  const numberTaken = memory.state.releaseNumber ?? 0;
  const context = { trust: memory.trust, version: running, numberTaken };
  const opened = openAgentRelease(sealed, context, host.curves.verify);
  if (!opened.ok) return failed(opened.problem.code, opened.problem.message);
  const release = opened.document;

  const fetched = await fetchRelease(host, root, memory, release);
  if (!fetched.ok) return fetched;
  const { updatePart } = stateFolderOn(root);
  const bytes = readWholeFile(host, updatePart, release.sizeBytes);
  if (bytes?.length !== release.sizeBytes || host.files.hash(updatePart) !== release.sha256) {
    host.files.remove(updatePart);
    return failed('release-changed', 'The agent that came is not the one that was signed.');
  }
  const { number, version: to, sha256 } = release;
  replaceFile(host, nextAgentOn(root), bytes);
  const record = { version: 1, number, from: running, to, sha256, tries: 0 } as const;
  writeUpdateRecord(host, root, { ...record, state: 'trying' });
  host.files.remove(updatePart);
  const registered = await registerStartupTask(host, root, 'next');
  if (!registered.ok) {
    writeUpdateRecord(host, root, { ...record, state: 'failed', code: registered.problem.code });
    return registered;
  }
  // Last: a run that was cut off before takes the same release again.
  memory.save({ releaseNumber: number });
  return { ok: true, value: { to } };
}

/** Fetches what is missing of a release into `update.part`; every piece is durable before the next is asked for. */
async function fetchRelease(
  host: Host,
  root: string,
  memory: DeviceMemory,
  { number, sizeBytes }: AgentReleaseDocument,
): Promise<Done> {
  const { updatePart } = stateFolderOn(root);
  for (;;) {
    const there = host.files.find(updatePart);
    const offsetBytes = there?.kind === 'file' ? there.sizeBytes : 0;
    if (offsetBytes >= sizeBytes) return { ok: true, value: undefined };
    const request: AgentReleaseRequest = { version: 1, number, offsetBytes };
    const posted = await postMessage(
      host,
      memory.server,
      {
        path: '/v1/agent-release',
        contentType: 'application/json',
        body: utf8Of(JSON.stringify(request)),
      },
      parseAgentReleasePiece,
    );
    if (posted.kind === 'busy') return failed('server-busy', 'The rest is fetched another time.');
    if (posted.kind !== 'answered') return failed(posted.code, posted.message);
    const bytes = bytesOfBase64(posted.message.bytes);
    const isNext = posted.message.number === number && posted.message.offsetBytes === offsetBytes;
    if (!isNext || !bytes?.length || offsetBytes + bytes.length > sizeBytes) {
      if (there) host.files.remove(updatePart);
      return failed('release-changed', 'The server sends another agent than the one that was signed.');
    }
    host.files.append(updatePart, bytes);
    host.files.flush(updatePart);
  }
}
