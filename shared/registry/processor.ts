import type { Hive } from './hive.ts';
import { type MissingSetting, RegistryReader } from './registry-reader.ts';

const architectures: ReadonlyMap<string, 'x64' | 'arm64' | 'x86'> = new Map([
  ['AMD64', 'x64'],
  ['ARM64', 'arm64'],
  ['x86', 'x86'],
]);

/** The processor as the environment of a SYSTEM hive names it: the `HARDWARE` hive is never on a disk. */
export interface Processor {
  readonly architecture: 'x64' | 'arm64' | 'x86' | null;
  /** Family, model, stepping and maker, as `AMD64 Family 15 Model 107 Stepping 2, AuthenticAMD`. */
  readonly identifier: string | null;
  readonly missing: readonly MissingSetting[];
}

/** Reads the processor from a SYSTEM hive. */
export function readProcessor(hive: Hive, controlSet: string): Processor {
  const reader = new RegistryReader(hive);
  const path = `${controlSet}\\Control\\Session Manager\\Environment`;
  const architecture = reader.getText(path, 'PROCESSOR_ARCHITECTURE');
  return {
    architecture: architectures.get(architecture ?? '') ?? null,
    identifier: reader.findText(hive.findKey(path), 'PROCESSOR_IDENTIFIER'),
    missing: reader.missing,
  };
}
