import { findKnownCode } from '../../bootlog/known-codes.ts';
import type { ToolProof } from '../../wire/outcome.ts';
import type { ProgramRun, SystemToolRun } from './tool-run.ts';

/**
 * What an exit code means. `done`: the tool says so. `not-done`: it surely changed nothing. `unclear`: it may have, so
 * what the volume shows decides.
 */
export interface ToolAnswer {
  readonly kind: 'done' | 'not-done' | 'unclear';
  readonly code: string;
  readonly reason: string;
  /** Of what is done: where it shows. Absent: nowhere but in the word of the tool, unless the volume shows it. */
  readonly provenBy?: ToolProof;
}

interface KnownExit {
  readonly kind: ToolAnswer['kind'];
  readonly reason: string;
}

const success: KnownExit = { kind: 'done', reason: 'it says that it succeeded' };

/** Exit codes by tool, with what Microsoft or its source says of them. */
const exits: Readonly<Record<SystemToolRun['tool'], Readonly<Record<number, KnownExit>>>> = {
  // Win32 codes and HRESULTs. 3010 is ERROR_SUCCESS_REBOOT_REQUIRED.
  dism: {
    0: success,
    3010: success,
    2: { kind: 'not-done', reason: 'it found no Windows there' },
    5: { kind: 'unclear', reason: 'access was denied' },
    50: { kind: 'not-done', reason: 'this version of it cannot do this to that Windows' },
    87: { kind: 'not-done', reason: 'it does not know one of its arguments' },
    112: { kind: 'unclear', reason: 'the disk is full' },
    740: { kind: 'not-done', reason: 'it needs an administrator' },
    1726: { kind: 'unclear', reason: 'its service was lost on the way' },
    0x800f0805: { kind: 'not-done', reason: 'it knows no such package' },
    0x800f0806: { kind: 'not-done', reason: 'other operations wait for a start first' },
    0x800f0825: { kind: 'not-done', reason: 'the package is permanent and cannot be removed' },
    0x800f082f: { kind: 'not-done', reason: 'the image has to be started before it can be changed again' },
    // DISMAPI_E_NEEDS_REMOUNT of dismapi.h.
    0xc1510114: { kind: 'not-done', reason: 'the image has to be mounted again before it can be serviced' },
  },
  // 1: could not repair everything or at all; sfc gives no finer code.
  sfc: { 0: success, 1: { kind: 'unclear', reason: 'it could not repair every file' } },
  // 0 no errors, 1 errors fixed, 2 cleanup done or not needed, 3 not checked or not fixed.
  chkdsk: {
    0: success,
    1: success,
    2: success,
    3: { kind: 'unclear', reason: 'it could not check or repair the volume' },
  },
  bcdboot: { 0: success, 87: { kind: 'not-done', reason: 'it does not know one of its arguments' } },
  bcdedit: { 0: success, 1: { kind: 'not-done', reason: 'it refused the change' } },
};

/** Judges how a tool ended by its exit code; HRESULTs come as signed or unsigned numbers. */
export function judgeExit(tool: SystemToolRun['tool'], exitCode: number): ToolAnswer {
  const unsigned = exitCode < 0 ? exitCode + 0x1_0000_0000 : exitCode;
  const known = exits[tool][unsigned];
  const shown = unsigned > 0xffff ? `0x${unsigned.toString(16)}` : String(unsigned);
  if (known)
    return {
      kind: known.kind,
      code: `${tool}-${known.kind}`,
      reason: `${tool} ended with ${shown}: ${known.reason}`,
    };
  const named = findKnownCode(shown);
  const reason = named ? `${named.name}. ${named.sentence}` : 'a code without a known meaning';
  return { kind: 'unclear', code: `${tool}-unclear`, reason: `${tool} ended with ${shown}: ${reason}` };
}

/** Judges how a program ended by what its line says; what another code means, only its vendor knows. */
export function judgeProgramExit({ succeedsOn }: ProgramRun, exitCode: number): ToolAnswer {
  const unsigned = exitCode < 0 ? exitCode + 0x1_0000_0000 : exitCode;
  return succeedsOn.includes(unsigned)
    ? {
        kind: 'done',
        code: 'program-done',
        reason: `the program ended with ${unsigned}, which means success`,
      }
    : {
        kind: 'unclear',
        code: 'program-failed',
        reason: `the program ended with ${unsigned}, and success is ${succeedsOn.join(' or ')}`,
      };
}
