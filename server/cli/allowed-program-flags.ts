import { type AllowedProgram, programPolicy } from '../../shared/remediation/program-policy.ts';

type Read =
  | { readonly ok: true; readonly value: AllowedProgram[] | undefined }
  | { readonly ok: false; readonly problem: { readonly code: 'program-invalid'; readonly message: string } };

/** Reads `--allow-program PATH=SHA256`, as often as it stands. */
export function readAllowedPrograms(flags: readonly string[]): Read {
  if (flags.length === 0) return { ok: true, value: undefined };
  const entries = flags.map(flag => {
    const at = flag.lastIndexOf('=');
    return { path: flag.slice(0, Math.max(0, at)), sha256: flag.slice(at + 1).toLowerCase() };
  });
  const wrong = entries.findIndex(entry => !programPolicy.safeParse([entry]).success);
  const parsed = programPolicy.safeParse(entries);
  if (parsed.success) return { ok: true, value: parsed.data };
  const message =
    wrong < 0
      ? `${entries.length} programs are too many.`
      : `${flags[wrong]}: expected is %ProgramFiles%\\NAME\\NAME.exe=SHA256, a whole path from a place of Windows on, and no program that runs what its arguments say.`;
  return { ok: false, problem: { code: 'program-invalid', message } };
}
