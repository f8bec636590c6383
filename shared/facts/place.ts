/**
 * Places of the Windows that was found. A path in a fact, rule or script starts with one of them, so that it never
 * depends on drive letters (WinRE assigns them afresh) or on the environment of a process.
 */
export const places = ['%SystemRoot%', '%SystemDrive%', '%ProgramFiles%', '%ProgramData%'] as const;
export type Place = (typeof places)[number];
