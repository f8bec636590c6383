import { ended, type LabTool } from './lab-tool.ts';

/** Where the lab's component store keeps whole copies of system files. */
export const storeFolder = 'Windows\\WinSxS\\lab-store';

/** SFC on an offline Windows: files that are not what the component store has are replaced. */
export const sfc: LabTool = {
  source: 'Microsoft: sfc command',
  shapes: [['/scannow', '/offbootdir=<boot>', '/offwindir=<windows>']],
  unknown: ended(1, 'The syntax of the command is incorrect.'),
  run({ boot = '', windows = '' }, _, { volume, root, now }) {
    if (boot.toLowerCase() !== root.toLowerCase() || windows.toLowerCase() !== `${root}windows`.toLowerCase())
      return ended(1, 'Windows Resource Protection could not start the repair service.');
    for (const name of volume.list(storeFolder)) {
      const whole = volume.read(`${storeFolder}\\${name}`);
      const there = volume.read(`Windows\\System32\\${name}`);
      if (whole && (!there || !Buffer.from(there).equals(whole)))
        volume.write(`Windows\\System32\\${name}`, whole, now);
    }
    return ended(
      0,
      'Verification 100% complete.',
      'Windows Resource Protection found corrupt files and repaired them.',
    );
  },
};
