import { ended, type LabTool } from './lab-tool.ts';

/** Stands for what is wrong with the file system of a lab machine; CHKDSK takes it away. */
export const damageMark = 'System Volume Information\\lab-file-system-damage';

/** CHKDSK with repair. */
export const chkdsk: LabTool = {
  source: 'Microsoft: chkdsk command',
  shapes: [['<drive>', '/f', '/x']],
  unknown: ended(3, 'Invalid parameter.'),
  run({ drive = '' }, _, { volume, root }) {
    if (`${drive}\\`.toLowerCase() !== root.toLowerCase())
      return ended(3, 'Cannot open volume for direct access.');
    if (!volume.read(damageMark))
      return ended(0, 'Windows has scanned the file system and found no problems.');
    volume.remove(damageMark);
    return ended(1, 'Stage 1: 100% complete', 'Windows has made corrections to the file system.');
  },
};
