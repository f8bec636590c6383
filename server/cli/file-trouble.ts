/** Why the system refused a file, in words for the person who named it. */
export interface FileTrouble {
  readonly code: 'file-exists' | 'file-not-found' | 'not-a-file' | 'file-refused';
  readonly message: string;
}

/** What an error of the file system says about the file that somebody named; undefined for every other error. */
export function fileTroubleOf(error: unknown): FileTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error && 'path' in error && 'syscall' in error))
    return undefined;
  const { code, path } = error;
  if (typeof code !== 'string' || typeof path !== 'string') return undefined;
  switch (code) {
    case 'EEXIST':
      return { code: 'file-exists', message: `${path} is there already, and nothing is overwritten` };
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'file-not-found', message: `there is no ${path}, or its folder does not exist` };
    case 'EISDIR':
      return { code: 'not-a-file', message: `${path} is a folder` };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
      return { code: 'file-refused', message: `${path} cannot be opened: ${code}` };
    default:
      return undefined;
  }
}
