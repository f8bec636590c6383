import { buildDriverFile } from '../evidence/driver-file.ts';
import { ended, type LabTool, nameBelow } from './lab-tool.ts';

/** The program file of a vendor that mends its own rules, as it lies on a lab machine. */
export const labProgramFile: Uint8Array = buildDriverFile({
  version: '4.2.0.0',
  linkedAt: new Date('2024-06-01T00:00:00.000Z'),
  originalName: 'mend.exe',
  company: 'Contoso',
});

/** Whether a file is that program, whatever it is called. */
export const isLabProgram = (bytes: Uint8Array): boolean =>
  bytes.length === labProgramFile.length && bytes.every((byte, at) => byte === labProgramFile[at]);

/** What the program does when it is started: it takes away the rules that its argument names. */
export const labProgram: LabTool = {
  source: 'Bootmend: a program of a vendor, made up for the lab',
  shapes: [['/remove', '<file>']],
  unknown: ended(87, 'Usage: mend /remove FILE'),
  run({ file = '' }, _, bench) {
    const name = nameBelow(bench, file);
    if (name === undefined) return ended(3, 'The path is on no drive of this machine.');
    bench.volume.remove(name);
    return ended(0, 'The rules are gone.');
  },
};
