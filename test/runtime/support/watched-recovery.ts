import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { builtAgent, compileOnce } from './built-agent.ts';
import { type ConsolePicture, pictureOf } from './draw-screen.ts';
import type { WineMachine } from './wine-machine.ts';

/** One start of the recovery environment as a person sees it. */
export interface WatchedRecovery {
  readonly code: number | null;
  /** Every picture that its console showed. */
  readonly pictures: readonly ConsolePicture[];
}

/** Nothing that is watched waits for anybody that long. */
const mostMs = 60_000;

/** Runs the executable that ships before the drives of a Windows; flags are those of `watch-screen.c`. */
export async function watchRecovery(
  windows: WineMachine,
  ...flags: readonly string[]
): Promise<WatchedRecovery> {
  return watchProgram(windows, [...flags, windows.install(await builtAgent()), 'recover']);
}

/** Runs any program in a console that is watched. */
export async function watchProgram(windows: WineMachine, words: readonly string[]): Promise<WatchedRecovery> {
  const watch = windows.install(compileOnce('watch-screen'));
  const child = windows.spawn([watch, ...words], ['ignore', 'pipe', 'ignore']);
  const tooLate = setTimeout(() => windows.stop(), mostMs);
  const pictures: ConsolePicture[] = [];
  createInterface({ input: child.stdout! }).on('line', line => pictures.push(pictureOf(line)));
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  clearTimeout(tooLate);
  return { code, pictures };
}

/** A line of a log of the agent. */
export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly code: string;
  readonly message: string;
}

/** The lines of a log that the agent wrote; none where it wrote none. */
export function readLog(file: string): readonly LogLine[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').split('\r\n').slice(0, -1);
  return lines.map(line => {
    const [at = '', , level = '', code = '', message = ''] = line.split('  ');
    return { at, level, code, message };
  });
}
