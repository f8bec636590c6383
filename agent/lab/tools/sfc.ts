import { ended, type LabTool, nameBelow } from './lab-tool.ts';

/** Where the lab's component store keeps whole copies of system files. */
export const storeFolder = 'Windows\\WinSxS\\lab-store';

/** SFC on an offline Windows: files that are not what the component store has are replaced. */
export const sfc: LabTool = {
  source: 'Microsoft: sfc command',
  shapes: [
    ['/scannow', '/offbootdir=<boot>', '/offwindir=<windows>'],
    ['/scannow', '/offbootdir=<boot>', '/offwindir=<windows>', '/offlogfile=<log>'],
  ],
  unknown: ended(1, 'The syntax of the command is incorrect.'),
  run({ boot = '', windows = '', log = '' }, shape, bench) {
    const { volume, root, now } = bench;
    if (boot.toLowerCase() !== root.toLowerCase() || windows.toLowerCase() !== `${root}windows`.toLowerCase())
      return ended(1, 'Windows Resource Protection could not start the repair service.');
    const damaged = volume.list(storeFolder).filter(name => {
      const there = volume.read(`Windows\\System32\\${name}`);
      return !there || !Buffer.from(there).equals(volume.read(`${storeFolder}\\${name}`)!);
    });
    // A copy in the store that is damaged too begins with this word.
    const isLost = (name: string) =>
      Buffer.from(volume.read(`${storeFolder}\\${name}`)!)
        .toString('latin1')
        .startsWith('damaged');
    for (const name of damaged.filter(one => !isLost(one)))
      volume.write(`Windows\\System32\\${name}`, volume.read(`${storeFolder}\\${name}`)!, now);
    const lost = damaged.filter(isLost);
    const logName = nameBelow(bench, log);
    if (shape === 1 && logName !== undefined) volume.write(logName, logOf(damaged, lost, now), now);
    return lost.length > 0
      ? ended(1, 'Windows Resource Protection found corrupt files but was unable to fix some of them.')
      : ended(
          0,
          'Verification 100% complete.',
          'Windows Resource Protection found corrupt files and repaired them.',
        );
  },
};

/** What SFC writes about it, in the lines of Microsoft KB928228. */
function logOf(damaged: readonly string[], lost: readonly string[], now: Date): Uint8Array {
  const stamp = now.toISOString().slice(0, 19).replace('T', ' ');
  const line = (at: number, text: string) =>
    `${stamp}, Info                  CSI    ${at.toString(16).padStart(8, '0')} [SR] ${text}\r\n`;
  const texts = [
    'Verifying 100 components',
    'Beginning Verify and Repair transaction',
    ...damaged.map(name => `Cannot repair member file [l:${name.length}]"${name}" of Contoso, in the store`),
    'Verify complete',
    ...(damaged.length > 0 ? [`Repairing ${damaged.length} components`] : []),
    'Beginning Verify and Repair transaction',
    ...lost.map(name => `Cannot repair member file [l:${name.length}]"${name}" of Contoso, hash mismatch`),
    'Repair complete',
  ];
  return new Uint8Array(Buffer.from(texts.map((text, at) => line(at + 1, text)).join('')));
}
