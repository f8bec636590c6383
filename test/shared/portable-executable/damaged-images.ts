import fc from 'fast-check';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import {
  type PortableExecutableProblem,
  readPortableExecutable,
} from '../../../shared/portable-executable/portable-executable.ts';
import { damagesOf, sourceOf, withDamage } from '../../support/damage.ts';
import type { FuzzedReader } from '../../support/fuzz.ts';

const driver = buildDriverFile({ version: '7.15.18513.0', linkedAt: new Date('2024-06-04T00:00:00Z') });
const codes: Readonly<Record<PortableExecutableProblem['code'], true>> = {
  'not-an-executable': true,
  'cut-off': true,
};

/** Headers and version resource of drivers. */
export const portableExecutableReader: FuzzedReader = {
  name: 'portable-executable',
  codes: Object.keys(codes),
  damages: damagesOf(['driver'], {
    places: fc.oneof(
      fc.constantFrom(0x3c, 0x80, 0x84, 0x86, 0x94, 0x98),
      fc.nat(0x260).map(at => at + 0x600),
    ),
  }),
  read: (damage, _depth, measure) =>
    withDamage(driver, damage, bytes => {
      const result = measure(bytes.length, () => readPortableExecutable(sourceOf(bytes, damage)));
      return result.ok ? [] : [result.problem.code];
    }),
};
