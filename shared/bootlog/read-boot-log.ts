import { printable } from '../bytes/printable.ts';
import type { BootLogEntry, BootLogResult, BootRecord, LogProblem } from './boot-log.ts';
import { readLogText } from './log-text.ts';

const maxProblems = 32;
const maxLineLength = 1024;
/** Windows adds a block at every start for as long as logging is on; the newest count. */
const maxBoots = 1000;

/** The end of `Microsoft (R) Windows (R) Version 10.0 (Build 19045)`, in whatever word stands before the number. */
const bannerEnd = /\(\D{0,20}(\d{3,6})\)$/;
/** `10 13 2024 14:00:30.500`, month first. A damaged file may have one wrong character before it. */
const time = /^\D?\s*(\d{1,2}) (\d{1,2}) (\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?\s*$/;
const token = /^\W?BOOTLOG_(NOT_)?LOADED (.*)$/;
/** Words of some language, then a path from the root of the object manager. */
const wordsAndPath = /^([^\\]{3,80}?)\s+(\\\S.*)$/;
const kernel = /\\(ntoskrnl|ntkrnl\w+)\.exe$/i;

/**
 * Reads ntbtlog.txt, to which Windows adds one block per start. Lines in the BOOTLOG_ form of Windows 10 and later and
 * the sentences of older versions are read, the latter in any language. Never throws; what is no line of a boot log is
 * named in `problems`, and a file without any is a problem itself.
 */
export function readBootLog(bytes: Uint8Array): BootLogResult {
  const { encoding, lines, problems: textProblems } = readLogText(bytes);
  const problems: LogProblem[] = [...textProblems];
  const boots: MutableBoot[] = [];
  let bannerBuild: { osBuild: number; line: number } | undefined;
  const phrases = new Phrases();
  const currentBoot = (line: number) => {
    const open = boots.at(-1);
    return open ?? startBoot(boots, null, bannerBuild, line);
  };

  lines.forEach((raw, index) => {
    const line = index + 1;
    const text = raw.slice(0, maxLineLength).trim();
    if (text === '') return;
    const started = readTime(text);
    const build = text.slice(0, 12).includes('Microsoft') ? bannerEnd.exec(text)?.[1] : undefined;
    const entry = phrases.read(text);
    if (build !== undefined) bannerBuild = { osBuild: Number(build), line };
    else if (started !== undefined) {
      startBoot(boots, started, bannerBuild, line);
      bannerBuild = undefined;
    } else if (entry) {
      // A banner without a readable time line still begins a new start.
      const boot = bannerBuild ? startBoot(boots, null, bannerBuild, line) : currentBoot(line);
      bannerBuild = undefined;
      (entry.loaded ? boot.loaded : boot.notLoaded).push(entryOf(entry.path, line));
    } else if (problems.length < maxProblems) {
      const message = `"${printable(text.slice(0, 60))}" is no line of a boot log; a driver line starts with BOOTLOG_LOADED or BOOTLOG_NOT_LOADED`;
      problems.push({ code: 'unknown-line', message, line });
    }
  });

  const newest = boots.at(-1);
  if (!newest) {
    const message = 'no line tells of a driver or of a start of Windows; this is no ntbtlog.txt';
    return { ok: false, problem: { code: 'not-a-boot-log', message, line: 1 } };
  }
  const lastLoaded = newest.loaded.at(-1) ?? null;
  return { ok: true, log: { format: 'ntbtlog', encoding, boots, lastLoaded, problems } };
}

interface MutableBoot extends BootRecord {
  readonly loaded: BootLogEntry[];
  readonly notLoaded: BootLogEntry[];
}

function startBoot(
  boots: MutableBoot[],
  startedAtLocal: string | null,
  bannerBuild: { osBuild: number; line: number } | undefined,
  line: number,
): MutableBoot {
  const osBuild = bannerBuild?.osBuild ?? null;
  const boot = { startedAtLocal, osBuild, line: bannerBuild?.line ?? line, loaded: [], notLoaded: [] };
  if (boots.length >= maxBoots) boots.shift();
  boots.push(boot);
  return boot;
}

function readTime(text: string): string | undefined {
  const found = time.exec(text);
  if (!found) return undefined;
  const [month, day, year, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const real = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  if (!real) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  const fraction = (found[7] ?? '').padEnd(3, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction}`;
}

function entryOf(written: string, line: number): BootLogEntry {
  const path = printable(written);
  // A device that has no driver is written as `@inf,%text%;Name`: that is no path, though it may hold a backslash.
  const isPath = path.startsWith('\\');
  const name = (isPath ? path.slice(path.lastIndexOf('\\') + 1) : path).toLowerCase();
  return { path, name, line };
}

/**
 * Tells loaded from not loaded. Before Windows 10 the lines are sentences in the language of that Windows, so the
 * sentence about the kernel, which every start loads, is learnt as the one for loaded drivers.
 */
class Phrases {
  #loaded: string | undefined;
  readonly #notLoaded = new Set<string>(['Did not load driver']);

  read(text: string): { loaded: boolean; path: string } | undefined {
    const modern = token.exec(text);
    if (modern) return { loaded: modern[1] === undefined, path: modern[2]!.trim() };
    const named = wordsAndPath.exec(text);
    if (!named) return this.#readBareName(text);
    const [, phrase, path] = named as unknown as [string, string, string];
    if (kernel.test(path)) this.#loaded = phrase;
    const loaded = phrase === (this.#loaded ?? 'Loaded driver');
    if (!loaded && this.#loaded === undefined && !this.#notLoaded.has(phrase)) return undefined;
    if (!loaded && this.#notLoaded.size < 8) this.#notLoaded.add(phrase);
    return { loaded, path };
  }

  /** `Did not load driver Audio Codecs`: a device by its name, after a sentence that is known already. */
  #readBareName(text: string): { loaded: boolean; path: string } | undefined {
    for (const phrase of this.#notLoaded) {
      if (text.startsWith(`${phrase} `)) return { loaded: false, path: text.slice(phrase.length + 1).trim() };
    }
    return undefined;
  }
}
