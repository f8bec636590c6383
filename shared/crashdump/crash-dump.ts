import * as z from 'zod/mini';

const hex = z.string().check(z.regex(/^0x[0-9a-f]{1,16}$/));
const text = z.string().check(z.maxLength(2048));

const placeInModule = { address: hex, module: z.nullable(text), offset: z.nullable(hex) };

const moduleSchema = z.object({
  /** File name without its folder: `csagent.sys`. */
  name: text,
  /** As the dump names it: `\SystemRoot\System32\drivers\x.sys`, `\??\C:\...`, or the file name alone. */
  path: text,
  base: hex,
  sizeBytes: z.number(),
  /** Link date or, in reproducible builds, a hash; together with the size the identity of a build. */
  timeDateStamp: hex,
  checkSum: hex,
});

const stackFrameSchema = z.object({
  ...placeInModule,
  /** Where on the stack the word stands; null for the fault address itself. */
  at: z.nullable(hex),
  /**
   * `certain`: the fault itself, or a frame of an unbroken frame chain. `possible`: a word of the stack that points
   * into a module. `unlikely`: the same, but the code before it is no call.
   */
  certainty: z.enum(['certain', 'possible', 'unlikely']),
});

/**
 * What a kernel crash dump says, as the command line prints it and the server keeps it. Addresses and other 64-bit
 * values are `0x` lower-case hex strings; null means the dump does not say, and `missing` tells why.
 */
export const crashDumpSchema = z.object({
  /** Kind of dump file: `triage`, `full`, `bitmap`, `bitmap-kernel`, ... */
  format: text,
  architecture: z.enum(['x64', 'arm64', 'x86', 'unknown']),
  /** Base build: a 22H2 Windows 10 (19045) reports 19041. */
  osBuild: z.nullable(z.number()),
  processors: z.nullable(z.number()),
  bugcheck: z.object({ code: hex, name: z.nullable(text), parameters: z.tuple([hex, hex, hex, hex]) }),
  /** When Windows crashed, by the machine's own clock in UTC, to the millisecond. */
  capturedAt: z.nullable(z.iso.datetime()),
  upTimeSeconds: z.nullable(z.number()),
  /** Cut to 14 characters by Windows. */
  process: z.nullable(text),
  /**
   * How far the logon had got, in winlogon's own words: `WluiRequestCredentials` (asking for a password),
   * `ShellStartup`, `ShellStarted`. Absent when the dump does not say, as before winlogon has started.
   */
  logonPhase: z.optional(text),
  /** In the order of the dump: the kernel first, later ones loaded later. */
  modules: z.array(moduleSchema),
  /** Names are cut to 12 characters by Windows. */
  unloadedModules: z.array(z.object({ name: text, start: hex, end: hex })),
  fault: z.nullable(
    z.object({
      ...placeInModule,
      from: z.enum([
        'bugcheck-parameter',
        'machine-frame',
        'exception-record',
        'context-record',
        'header-context',
      ]),
    }),
  ),
  /** Innermost first. */
  stack: z.array(stackFrameSchema),
  culprit: z.object({
    /** File name of the module to blame; null when the evidence names none. */
    module: z.nullable(text),
    confidence: z.enum(['high', 'medium', 'low', 'none']),
    because: text,
  }),
  suspects: z.array(z.object({ module: text, because: text })),
  /** Bucket that is equal across machines and starts for equal crashes. */
  signature: text,
  /** Name of the crash in the manner of WinDbg, for people and search engines. */
  label: text,
  /** What could not be read, each with the place in the file where that showed. */
  missing: z.array(z.object({ code: text, what: text, message: text, offset: z.optional(z.number()) })),
});

export type CrashDump = z.infer<typeof crashDumpSchema>;
export type CrashModule = CrashDump['modules'][number];
export type UnloadedModule = CrashDump['unloadedModules'][number];
export type Fault = NonNullable<CrashDump['fault']>;
export type StackFrame = CrashDump['stack'][number];
export type Culprit = CrashDump['culprit'];
export type Suspect = CrashDump['suspects'][number];
export type MissingPart = CrashDump['missing'][number];

/** Why bytes could not be read as a kernel crash dump at all. */
export interface CrashDumpProblem {
  readonly code: 'too-short' | 'not-a-kernel-dump' | 'unreadable';
  readonly message: string;
  readonly offset?: number;
  readonly structure?: string;
}

export type CrashDumpResult =
  | { readonly ok: true; readonly dump: CrashDump }
  | { readonly ok: false; readonly problem: CrashDumpProblem };
