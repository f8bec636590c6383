import { foldName, hasWildcard, matchesFoldedGlob } from '../facts/glob.ts';
import { type FoundWindows, pathOfPlace } from '../facts/place.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { launchPlaces } from './launch-places.ts';
import type { FilePath } from './tree-parts.ts';

interface ProtectedPlaces {
  readonly base: 'windows' | 'drive';
  /** What a person calls them. */
  readonly what: string;
  /** What lies there may not be copied elsewhere either: it holds secrets, or belongs to people. */
  readonly isSecret?: true;
  /** Folders with everything in and below them. */
  readonly folders?: readonly string[];
  /** Single files or folders; what lies below such a folder is not meant. */
  readonly names?: readonly string[];
  /** What a script does when something is wrong there. */
  readonly instead?: string;
}

const inFolder = (folder: string, names: readonly string[]) => names.map(name => `${folder}\\${name}`);

/** Places where a change can cost a machine its start, its user's data or its way back. No script can open them. */
export const protectedPlaces: readonly ProtectedPlaces[] = [
  {
    base: 'windows',
    what: 'the registry',
    isSecret: true,
    folders: ['System32\\config', 'ServiceProfiles'],
    instead: 'set registry or remove registry for a setting in it, disable for a driver or service',
  },
  {
    base: 'windows',
    what: 'the directory of the domain',
    isSecret: true,
    folders: ['NTDS', 'SYSVOL'],
  },
  {
    base: 'windows',
    what: 'the keys of Windows',
    isSecret: true,
    folders: ['System32\\Microsoft\\Protect'],
  },
  {
    base: 'windows',
    what: 'the servicing of Windows',
    instead: 'revert pending updates for what waits, remove update or remove package for what is installed',
    folders: ['WinSxS', 'servicing', 'System32\\CatRoot', 'System32\\catroot2', 'System32\\CodeIntegrity'],
  },
  {
    base: 'windows',
    what: 'the files that start Windows',
    instead: 'repair boot files or repair system files',
    folders: ['Boot', 'System32\\Boot', 'System32\\Recovery'],
    names: inFolder('System32', [
      'winload.exe', 'winload.efi', 'winresume.exe', 'winresume.efi', 'ntoskrnl.exe', 'ntkrnlmp.exe',
      'securekernel.exe', 'hvix64.exe', 'hvax64.exe', 'hal.dll', 'halextpcidma.dll', 'kdcom.dll', 'kd.dll',
      'bootvid.dll', 'ci.dll', 'pshed.dll', 'mcupdate_GenuineIntel.dll', 'mcupdate_AuthenticAMD.dll',
      'apisetschema.dll', 'tcblaunch.exe', 'tcbloader.dll',
    ]),
  },
  {
    base: 'windows',
    what: 'the programs that Windows cannot run without',
    instead: 'repair system files',
    names: inFolder('System32', [
      'smss.exe', 'csrss.exe', 'csrsrv.dll', 'basesrv.dll', 'winsrv.dll', 'wininit.exe', 'winlogon.exe', 'services.exe',
      'lsass.exe', 'lsasrv.dll', 'samsrv.dll', 'svchost.exe', 'userinit.exe', 'logonui.exe', 'autochk.exe',
      'ntdll.dll', 'kernel32.dll', 'kernelbase.dll', 'advapi32.dll', 'user32.dll', 'gdi32.dll', 'rpcrt4.dll', 'sechost.dll',
      'msvcrt.dll', 'ucrtbase.dll', 'netapi32.dll', 'crypt32.dll', 'bcrypt.dll', 'wintrust.dll',
      'win32k.sys', 'win32kbase.sys', 'win32kfull.sys',
    ]),
  },
  {
    base: 'windows',
    what: 'the drivers that Windows cannot start without',
    instead: 'repair system files',
    names: inFolder('System32\\drivers', [
      'acpi.sys', 'acpiex.sys', 'pci.sys', 'intelpep.sys', 'msisadrv.sys', 'pdc.sys', 'vdrvroot.sys', 'wdf01000.sys',
      'wdfldr.sys', 'clfs.sys', 'tm.sys', 'cng.sys', 'ksecdd.sys', 'ksecpkg.sys', 'fltmgr.sys', 'fileinfo.sys',
      'partmgr.sys', 'volmgr.sys', 'volmgrx.sys', 'mountmgr.sys', 'volume.sys', 'volsnap.sys', 'disk.sys',
      'classpnp.sys', 'fvevol.sys', 'iorate.sys', 'rdyboost.sys', 'crashdmp.sys', 'dumpfve.sys', 'storport.sys',
      'stornvme.sys', 'storahci.sys', 'ataport.sys', 'atapi.sys', 'ntfs.sys', 'fs_rec.sys', 'wof.sys', 'tpm.sys',
      'spaceport.sys', 'vmbus.sys', 'storvsc.sys', 'ndis.sys', 'netio.sys', 'tcpip.sys',
    ]),
  },
  {
    base: 'drive',
    what: 'the files that start Windows',
    instead: 'repair boot files or repair system files',
    folders: ['Boot', 'EFI'],
    names: ['bootmgr', 'bootmgr.efi', 'bootnxt', 'bootsect.bak', 'ntldr', 'boot.ini', 'ntdetect.com'],
  },
  {
    base: 'drive',
    what: 'the files of people',
    isSecret: true,
    folders: ['Users', 'Documents and Settings', 'Windows.old'],
  },
  {
    base: 'drive',
    what: 'the keys of Windows',
    isSecret: true,
    folders: ['ProgramData\\Microsoft\\Crypto', 'ProgramData\\Microsoft\\Protect', 'ProgramData\\Microsoft\\Vault'],
  },
  {
    base: 'drive',
    what: 'the memory of Windows on disk',
    isSecret: true,
    names: ['pagefile.sys', 'hiberfil.sys', 'swapfile.sys'],
  },
  {
    base: 'drive',
    what: 'the way back of Windows',
    isSecret: true,
    folders: ['Recovery', 'System Volume Information'],
  },
  { base: 'drive', what: 'the folder of Bootmend', isSecret: true, folders: ['ProgramData\\Bootmend'] },
  {
    base: 'drive',
    what: 'a folder that Windows needs as a whole',
    names: ['Program Files', 'Program Files (x86)', 'ProgramData'],
  },
]; // prettier-ignore

type Places = readonly Pick<ProtectedPlaces, 'base' | 'what' | 'folders' | 'names'>[];

/** What is guarded on a volume, by folded paths from its root on; each with what a person calls it. */
interface Guarded {
  /** Folders with all below them. */
  readonly folders: ReadonlyMap<string, string>;
  /** Single names, and every folder above something that is guarded: none of these goes away whole. */
  readonly names: ReadonlyMap<string, string>;
  /** Single names by their folder; some have a wildcard. */
  readonly singles: readonly { readonly folder: string; readonly name: string; readonly what: string }[];
}

/** Makes a look-up of places once for each folder that Windows lies in: that is one, but for tests. */
function guard(places: Places): (windows: FoundWindows) => Guarded {
  let known: (Guarded & { readonly start: string }) | undefined;
  return ({ root, windowsDirectory }) => {
    const start = partsBelow(root, windowsDirectory)?.map(foldName).join('\\') ?? '';
    return known?.start === start ? known : (known = { start, ...guardBelow(start, places) });
  };
}

function guardBelow(start: string, places: Places): Guarded {
  const [folders, names] = [new Map<string, string>(), new Map<string, string>()];
  const singles: { folder: string; name: string; what: string }[] = [];
  for (const { base, what, folders: whole = [], names: alone = [] } of places) {
    const pathOf = (one: string) => foldName(base === 'windows' && start !== '' ? `${start}\\${one}` : one);
    const paths = [...whole, ...alone].map(pathOf);
    for (const path of whole.map(pathOf)) if (!folders.has(path)) folders.set(path, what);
    for (const path of alone.map(pathOf)) {
      const at = path.lastIndexOf('\\') + 1;
      singles.push({ folder: path.slice(0, at), name: path.slice(at), what });
    }
    for (const one of paths)
      for (let path = one; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('\\'))))
        if (!names.has(path)) names.set(path, what);
  }
  return { folders, names, singles };
}

const guardedPlaces = guard(protectedPlaces);
const guardedLaunchPlaces = guard(launchPlaces);

/**
 * Whether a change at this absolute path is refused whatever a script or a journal says: it is protected, leads to
 * something protected, lies outside the volume, or cannot be told for sure.
 */
export const isProtected = (volume: VolumeView, path: string): boolean =>
  findProtection(volume, path) !== undefined;

const secrets: ReadonlySet<string> = new Set(
  protectedPlaces.filter(one => one.isSecret).map(({ what }) => what),
);

/** What a script does when something is wrong with what is called like this; undefined when nothing it may. */
export const insteadOf = (what: string): string | undefined =>
  protectedPlaces.find(one => one.what === what)?.instead;

/** Whether what is called like this holds what no script may even copy. */
export const isSecretPlace = (what: string | undefined): boolean => what !== undefined && secrets.has(what);

/** What is protected at this absolute path, in words that follow "belongs to"; undefined when nothing is. */
export function findProtection(volume: VolumeView, path: string): string | undefined {
  const parts = partsBelow(volume.root, path);
  if (!parts) return 'no place on the volume that was found';
  return findNamed(volume, parts) ?? findAlias(volume, parts);
}

/** Whether an absolute path lies on the volume and is spelled so that it can mean nothing else there. */
export function isPlainPath(volume: VolumeView, path: string): boolean {
  const parts = partsBelow(volume.root, path);
  return parts !== undefined && findAlias(volume, parts) === undefined;
}

/** What a path of a script would touch, as far as its text shows. */
export function findProtectionOfText(path: FilePath): string | undefined {
  const parts = partsOfText(path);
  return parts && findNamed(textWindows, parts);
}

/** What Windows runs, loads or believes by itself at this absolute path, where no file may be put; undefined when nothing. */
export function findLaunchPlace(volume: FoundWindows, path: string): string | undefined {
  const parts = partsBelow(volume.root, path);
  return parts && findGuarded(guardedLaunchPlaces(volume), parts);
}

/** The same for a path of a script, as far as its text shows. */
export function findLaunchPlaceOfText(path: FilePath): string | undefined {
  const parts = partsOfText(path);
  return parts && findGuarded(guardedLaunchPlaces(textWindows), parts);
}

const textWindows: FoundWindows = { root: 'W:\\', windowsDirectory: 'W:\\Windows' };

function partsOfText(path: FilePath): readonly string[] | undefined {
  const folder = [pathOfPlace(textWindows, path.place), ...path.folders].join('\\');
  const parts = partsBelow(textWindows.root, `${folder}\\file`);
  return parts && [...parts.slice(0, -1), path.name];
}

function findNamed(windows: FoundWindows, parts: readonly string[]): string | undefined {
  return parts[0]!.startsWith('$') ? 'the file system' : findGuarded(guardedPlaces(windows), parts);
}

function findGuarded({ folders, names, singles }: Guarded, parts: readonly string[]): string | undefined {
  let [path, folder, name] = ['', '', ''];
  for (const part of parts) {
    folder = path === '' ? '' : `${path}\\`;
    name = foldName(part);
    path = `${folder}${name}`;
    const what = folders.get(path);
    if (what !== undefined) return what;
  }
  const exact = names.get(path);
  if (exact !== undefined) return exact;
  const isMeant = hasWildcard(name)
    ? (one: string) => matchesFoldedGlob(name, one)
    : (one: string) => hasWildcard(one) && matchesFoldedGlob(one, name);
  return singles.find(one => one.folder === folder && isMeant(one.name))?.what;
}

/** A name as FILE~1.SYS may be the short name of something protected; only the volume can tell. */
function findAlias(volume: VolumeView, parts: readonly string[]): string | undefined {
  for (const [index, part] of parts.entries()) {
    if (!isShortName(part)) continue;
    const entry = volume.find(`${volume.root}${parts.slice(0, index + 1).join('\\')}`);
    const isNewName = entry === undefined && index === parts.length - 1;
    if (!isNewName && (entry === undefined || foldName(entry.name) !== foldName(part)))
      return 'something else under its short name';
  }
  return undefined;
}

/** Whether a name has the form of a short name, as PROGRA~1. */
export const isShortName = (name: string): boolean => /~\d/.test(name);

const unsafePart = /^$|[:/<>"|]|[. ]$|\p{Cc}/u;

/** The parts of a path below the root; undefined when it does not lie there or could mean something else. */
function partsBelow(root: string, path: string): readonly string[] | undefined {
  if (foldName(path.slice(0, root.length)) !== foldName(root)) return undefined;
  const parts = path.slice(root.length).split('\\');
  return parts.some(part => unsafePart.test(part)) ? undefined : parts;
}
