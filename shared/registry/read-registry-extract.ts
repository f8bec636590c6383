import { textOfUtf8 } from '../bytes/utf8.ts';
import { type RegistryExtract, registryExtractSchema } from './registry-extract.ts';

/** Why bytes are no registry extract. */
export interface RegistryExtractProblem {
  readonly code: 'too-long' | 'not-json' | 'not-a-registry-extract';
  readonly message: string;
}

export type RegistryExtractResult =
  | { readonly ok: true; readonly extract: RegistryExtract }
  | { readonly ok: false; readonly problem: RegistryExtractProblem };

/** Lists are bounded, so a larger one was not made by an agent. */
export const maxRegistryExtractBytes = 1024 * 1024;

/** Reads a registry extract; all of it is checked, and fields that are not known are left out. */
export function readRegistryExtract(bytes: Uint8Array): RegistryExtractResult {
  const refuse = (code: RegistryExtractProblem['code'], message: string) =>
    ({ ok: false, problem: { code, message } }) as const;
  if (bytes.length > maxRegistryExtractBytes)
    return refuse(
      'too-long',
      `an extract has at most ${maxRegistryExtractBytes} bytes, this ${bytes.length}`,
    );
  let json: unknown;
  try {
    json = JSON.parse(textOfUtf8(bytes).text);
  } catch {
    return refuse('not-json', 'the extract is no JSON, or its end is missing');
  }
  const parsed = registryExtractSchema.safeParse(json);
  if (parsed.success) return { ok: true, extract: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  return refuse('not-a-registry-extract', `the extract does not have its form at "${place.slice(0, 80)}"`);
}
