import type { Host } from '../host/host.ts';
import { removeTree } from './file-work.ts';
import { changePlacesOn } from './image-change.ts';
import { findDifference } from './image-content.ts';
import type { ProvisionRecord } from './provision-record.ts';
import { withMountedImage } from './recovery-environment.ts';
import { done, failed, type ProvisionProblem } from './windows-tools.ts';

/** Opens the image and says what of ours is not in it any more; undefined when all is. */
export async function findLoss(
  host: Host,
  root: string,
  { files }: ProvisionRecord,
): Promise<ProvisionProblem | undefined> {
  const { mount, scratch } = changePlacesOn(root);
  const compared = await withMountedImage(host, root, 'reagentc', mount, 'discard', async () => {
    const difference = findDifference(host, mount, files);
    return difference ? failed(difference.code, difference.message) : done;
  });
  removeTree(host, scratch);
  return compared.ok ? undefined : compared.problem;
}
