import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compileNativeParts, fuzzNativeParts } from '../runtime/support/native-parts.ts';
import type { Figure } from './figure.ts';

const rounds = 1_000_000;

/** Everything about the executable that takes too long for `npm test`; one line a figure. */
const parts: Readonly<Record<string, () => Iterable<Figure>>> = { fuzz: fuzzParts };

export const agentParts: readonly string[] = Object.keys(parts);

export function* benchAgent(names: readonly string[]): Generator<Figure> {
  for (const [name, part] of Object.entries(parts))
    if (names.length === 0 || names.includes(name)) yield* part();
}

/** A million argument lines, names and byte sequences through the C of the host, under its sanitizers. */
function* fuzzParts(): Generator<Figure> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bootmend-bench-'));
  try {
    const broken = fuzzNativeParts(compileNativeParts(folder), Date.now(), rounds);
    if (broken !== undefined) process.stderr.write(broken);
    yield { figure: 'c-fuzz-rounds', value: rounds, unit: 'count' };
    yield { figure: 'c-fuzz-broken', value: broken === undefined ? 0 : 1, unit: 'count', limit: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
