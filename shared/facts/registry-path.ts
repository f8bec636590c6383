import { type FoundWindows, pathOfPlace } from './place.ts';

const isPlain = (tail: string) => !/[<>:"/|?*]|(^|\\)\.*(\\|$)|[. ](\\|$)/.test(tail);

/**
 * A path that the registry or a boot log names, on the volume that was found; undefined when it names no place there.
 * A drive letter is the one Windows had when it ran: below its own directory only what follows counts, and elsewhere
 * only `C:`, as Windows calls the volume it starts from.
 */
export function pathOfRegistry(windows: FoundWindows, written: string): string | undefined {
  const text = written.replace(/^"([^"]*)"$/, '$1');
  const inWindows =
    /^\\?%?SystemRoot%?\\(.+)$/i.exec(text)?.[1] ??
    /^(?:\\\?\?\\)?[a-z]:\\Windows\\(.+)$/i.exec(text)?.[1] ??
    /^(System32\\.+)$/i.exec(text)?.[1];
  if (inWindows !== undefined)
    return isPlain(inWindows) ? `${windows.windowsDirectory}\\${inWindows}` : undefined;
  const onVolume = /^(?:\\\?\?\\)?C:\\(.+)$/i.exec(text)?.[1];
  if (onVolume === undefined || !isPlain(onVolume)) return undefined;
  return `${pathOfPlace(windows, '%SystemDrive%')}\\${onVolume}`;
}
