import * as z from 'zod/mini';
import { code, sha256Hex } from '../../../shared/wire/primitives.ts';
import { type ReadState, readJsonFile, stateFolderOn, writeJsonFile } from '../../core/state-folder.ts';
import type { Host } from '../../host/host.ts';

/**
 * `update.json`: an update of the agent. `trying`: the newer agent lies beside the installed one and has not taken over
 * yet. `failed`: the older one is back. The record is durable before each step, so that a cut leaves one of them whole.
 */
export const updateRecord = z.object({
  version: z.literal(1),
  state: z.enum(['trying', 'installed', 'failed']),
  number: z.int(),
  from: z.string().check(z.maxLength(40)),
  to: z.string().check(z.maxLength(40)),
  sha256: sha256Hex,
  /** How often the newer agent began to take over. */
  tries: z.int(),
  code: z.optional(code),
});
export type UpdateRecord = z.infer<typeof updateRecord>;

export const readUpdateRecord = (host: Host, root: string): ReadState<UpdateRecord> =>
  readJsonFile(host, stateFolderOn(root).update, updateRecord);

export const writeUpdateRecord = (host: Host, root: string, record: UpdateRecord): void =>
  writeJsonFile(host, stateFolderOn(root).update, record);
