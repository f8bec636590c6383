/** Why the system refused a file, in words for the person who named it. */
export interface FileTrouble {
  readonly code: 'file-exists' | 'file-not-found' | 'not-a-file' | 'file-refused';
  readonly message: string;
}

/** What an error of the file system says about the file that somebody named; undefined for every other error. */
export function fileTroubleOf(error: unknown): FileTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error && 'syscall' in error)) return undefined;
  // A file that is open already is not named any more when a read of it fails.
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'what was named';
  const { code } = error;
  switch (code) {
    case 'EEXIST':
      return { code: 'file-exists', message: `${path} is there already, and nothing is overwritten` };
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'file-not-found', message: `there is no ${path}, or its folder does not exist` };
    case 'EISDIR':
      return { code: 'not-a-file', message: `${path} is a folder; a file is expected` };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
      return { code: 'file-refused', message: `${path} cannot be opened: ${code}` };
    default:
      return undefined;
  }
}
