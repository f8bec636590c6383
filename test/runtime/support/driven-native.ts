import type { NativeCalls } from '../../../agent/host/native-calls.ts';

type Call = (...parameters: unknown[]) => unknown;
type IsStop = (count: number, name: string, parameters: readonly unknown[]) => boolean;
const world = globalThis as unknown as { native: NativeCalls };

/** Calls that change something or speak with somebody: between two of them nothing outside the process is different. */
const effects: ReadonlySet<string> = new Set([
  'fileCreate',
  'fileAppend',
  'fileFlush',
  'fileRename',
  'fileLink',
  'fileRemove',
  'directoryCreate',
  'processStart',
  'processEnd',
  'httpBegin',
  'httpSend',
  'httpAnswer',
  'httpRead',
  'httpEnd',
]);
const hurriedTimeoutMs = 1500;

/**
 * Puts itself before the calls of the C host as the first words of the command line ask, and gives the other words.
 * `--stop-before N`: at the Nth call with an effect the process says so and stands still, for the test to kill it there;
 * `--stop-before-move-to TEXT`: the same at the first rename to such a place.
 * `--from-x`: the system stands on X:, as in a recovery environment.
 * `--locked E:`: BitLocker locks the drive while its files lie in the folder `sealed`, as `manage-bde.c` does it.
 * `--damaged PATTERN`: what lies at such paths is what NTFS cannot read any more.
 * `--hurry`: waits are over at once, on a clock that moves on by as much, and an exchange has a second and a half.
 */
export function driveNative(): readonly string[] {
  const { native } = world;
  const words = [...native.arguments];
  const names = Object.getOwnPropertyNames(native) as (keyof NativeCalls)[];
  const driven: Record<string, unknown> = Object.fromEntries(names.map(name => [name, native[name]]));
  let isStop: IsStop = () => false;
  let isHurried = false;
  for (let isFlag = true; isFlag;) {
    const [flag, value = ''] = words;
    isFlag = flag?.startsWith('--') ?? false;
    if (flag === '--hurry') isHurried = true;
    else if (flag === '--from-x')
      driven['systemDirectory'] = () => native.systemDirectory().replace(/^C/, 'X');
    else if (flag === '--stop-before') isStop = count => count >= Number(value);
    else if (flag === '--stop-before-move-to')
      isStop = (_, name, [, to]) => name === 'fileRename' && String(to).includes(value);
    else if (flag === '--locked') lockSealed(driven, native, value);
    else if (flag === '--damaged') damage(driven, new RegExp(value, 'i'));
    words.splice(0, flag === '--hurry' || flag === '--from-x' ? 1 : isFlag ? 2 : 0);
  }
  if (words[0] === 'serve') rememberCalls(driven);
  driven['arguments'] = words.slice(1);
  if (isHurried) hurry(driven, native);
  // Whoever serves a test answers with one line for each question, and tells nothing of its own.
  if (words[0] === 'agent') {
    tellFirstRequest(driven, native);
    countEffects(driven, native, isStop);
  }
  world.native = driven as unknown as NativeCalls;
  return words;
}

/** Whoever serves a test tells it at the end, by `calledNames`, what was called. */
function rememberCalls(driven: Record<string, unknown>): void {
  const called = new Set<string>();
  for (const [name, call] of Object.entries(driven))
    driven[name] = (...parameters: unknown[]) => {
      called.add(name);
      return (call as Call)(...parameters);
    };
  driven['calledNames'] = () => [...called];
}

/** What GetVolumeInformation says of a volume that BitLocker has locked: FVE_E_LOCKED_VOLUME. */
const lockedVolume = 0x8031_0000;

function lockSealed(driven: Record<string, unknown>, native: NativeCalls, drive: string): void {
  const isLocked = () => native.fileAttributes(`\\\\?\\${drive}\\sealed\\Windows`) !== undefined;
  driven['volumes'] = () =>
    native
      .volumes()
      .map(volume =>
        volume.root.startsWith(drive) && isLocked() ? { ...volume, windowsError: lockedVolume } : volume,
      );
}

/** ERROR_FILE_CORRUPT, "The file or directory is corrupted and unreadable": what NTFS answers where it is damaged. */
const fileCorrupt = 1392;

function damage(driven: Record<string, unknown>, pattern: RegExp): void {
  for (const name of ['fileAttributes', 'fileEntry', 'directoryEntries', 'fileRead', 'fileHash']) {
    const call = driven[name] as Call;
    driven[name] = (...parameters: unknown[]) => {
      if (pattern.test(String(parameters[0])))
        throw Object.assign(new Error(`${name} failed with ${fileCorrupt}`), { windowsError: fileCorrupt });
      return call(...parameters);
    };
  }
}

function hurry(driven: Record<string, unknown>, native: NativeCalls): void {
  let skippedMs = 0;
  driven['monotonicMs'] = () => native.monotonicMs() + skippedMs;
  driven['waitForKey'] = (ms: number) => {
    skippedMs += ms;
    return native.waitForKey(0);
  };
  driven['httpBegin'] = (...parameters: Parameters<NativeCalls['httpBegin']>) =>
    native.httpBegin(...(parameters.with(6, hurriedTimeoutMs) as typeof parameters));
}

/** Says once what the start cost: processor time until this script ran, and until the first request left. */
function tellFirstRequest(driven: Record<string, unknown>, native: NativeCalls): void {
  const [begin, scriptCpuMs] = [driven['httpBegin'] as NativeCalls['httpBegin'], native.cpuMs()];
  let isTold = false;
  driven['httpBegin'] = (...parameters: Parameters<NativeCalls['httpBegin']>) => {
    const first = { event: 'first-request', scriptCpuMs, cpuMs: native.cpuMs(), bodyBytes: parameters[5] };
    if (!isTold) native.writeOutput(`${JSON.stringify(first)}\n`);
    isTold = true;
    return begin(...parameters);
  };
}

function countEffects(driven: Record<string, unknown>, native: NativeCalls, isStop: IsStop): void {
  let count = 0;
  for (const name of effects) {
    const call = driven[name] as Call;
    driven[name] = (...parameters: unknown[]) => {
      if (isStop(++count, name, parameters)) {
        native.writeOutput(`${JSON.stringify({ event: 'stopped', before: name })}\n`);
        // Nothing ever comes.
        for (;;) native.readInput(1);
      }
      return call(...parameters);
    };
  }
  driven['exitProcess'] = (code: number) => {
    native.writeOutput(`${JSON.stringify({ event: 'effects', count })}\n`);
    return native.exitProcess(code);
  };
}
