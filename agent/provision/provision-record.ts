import * as z from 'zod/mini';
import { sha256Hex } from '../../shared/wire/primitives.ts';
import { type ReadState, readJsonFile, stateFolderOn, writeJsonFile } from '../core/state-folder.ts';
import type { Host } from '../host/host.ts';

const placedFile = z.object({ place: z.string(), sizeBytes: z.int(), sha256: sha256Hex });

/**
 * `provision.json`: what is in the image and what the image was. `changing` is written before the image is touched, so
 * that a run that finds it knows that another one was cut off; then the original comes back first.
 */
export const provisionRecord = z.object({
  version: z.literal(1),
  state: z.enum(['changing', 'provisioned']),
  agentVersion: z.string(),
  files: z.array(placedFile),
  drivers: z.array(z.object({ name: z.string(), className: z.string(), sizeBytes: z.int() })),
  /** Packages that were too large for the image, or could not be exported. */
  driversLeftOut: z.array(z.string()),
  original: z.object({ sizeBytes: z.int(), sha256: sha256Hex }),
  /** The image with the agent in it, as it lay in System32 before WinRE was turned on. */
  image: z.optional(z.object({ sizeBytes: z.int(), sha256: sha256Hex })),
  /** Packages that came since, and that a start in order has yet to prove. */
  driversToProve: z.optional(z.array(z.string())),
  /** What Windows was when the image was made, and when it was last looked into: `fingerprintOf`. */
  madeFor: z.optional(z.string()),
  checkedFor: z.optional(z.string()),
});
export type ProvisionRecord = z.infer<typeof provisionRecord>;

export const readProvisionRecord = (host: Host, root: string): ReadState<ProvisionRecord> =>
  readJsonFile(host, stateFolderOn(root).provision, provisionRecord);

export const writeProvisionRecord = (host: Host, root: string, record: ProvisionRecord): void =>
  writeJsonFile(host, stateFolderOn(root).provision, record);
