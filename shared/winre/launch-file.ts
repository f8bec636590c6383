/** What winpeshl.exe starts, one after another; each waits for the one before. */
export interface LaunchedApp {
  /** Full path, without quotes. */
  readonly path: string;
  readonly arguments?: string;
}

/** winpeshl.exe cuts a command off behind this many characters. */
const maxCommandLength = 250;

/** The normal recovery menu, as stock WinRE starts it. */
export const recoveryMenu: LaunchedApp = { path: 'X:\\sources\\recovery\\recenv.exe' };

/**
 * winpeshl.ini with these apps in their order. The file must exist and name at least one program: without it WinPE
 * opens a command prompt. Source: Microsoft Learn, "Winpeshl.ini reference".
 */
export function writeLaunchFile(apps: readonly [LaunchedApp, ...LaunchedApp[]]): string {
  const lines = apps.map(({ path, arguments: rest }) => (rest === undefined ? path : `${path}, ${rest}`));
  const long = lines.find(line => line.length > maxCommandLength);
  if (long !== undefined) throw new RangeError(`winpeshl.ini cuts a command off: ${long}`);
  return ['[LaunchApps]', ...lines, ''].join('\r\n');
}

/** The apps that a winpeshl.ini starts, from `[LaunchApp]` or `[LaunchApps]`; empty when it starts none. */
export function readLaunchFile(text: string): readonly LaunchedApp[] {
  const apps: LaunchedApp[] = [];
  let section = '';
  for (const raw of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';')) continue;
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header.toLowerCase();
    else if (section === 'launchapps') apps.push(appOf(line));
    else if (section === 'launchapp') {
      const path = /^apppath\s*=\s*(.+)$/i.exec(line)?.[1];
      if (path !== undefined) apps.push({ path: unquoted(path) });
    }
  }
  return apps;
}

function appOf(line: string): LaunchedApp {
  const comma = line.startsWith('"') ? line.indexOf(',', line.indexOf('"', 1)) : line.indexOf(',');
  if (comma < 0) return { path: unquoted(line) };
  return { path: unquoted(line.slice(0, comma)), arguments: line.slice(comma + 1).trim() };
}

const unquoted = (text: string) => text.trim().replaceAll(/^"|"$/g, '');
