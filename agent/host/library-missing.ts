import { HostError } from './host.ts';
import { type NativeCalls, windowsErrorOf } from './native-calls.ts';

/** ERROR_MOD_NOT_FOUND: what the C host says where a library of System32 cannot be loaded. */
const moduleNotFound = 126;

/** The libraries that a trimmed image may lack, by the calls that need them. */
const libraryOf: Readonly<Partial<Record<keyof NativeCalls, string>>> = {
  sha256: 'BCRYPT.DLL',
  fileHash: 'BCRYPT.DLL',
  randomBytes: 'BCRYPT.DLL',
  networkAddresses: 'IPHLPAPI.DLL',
  httpBegin: 'WINHTTP.DLL',
  registryKeys: 'ADVAPI32.DLL',
  registryValue: 'ADVAPI32.DLL',
};

/** Whether a call failed because of that. */
export const isLibraryMissing = (error: unknown): error is HostError =>
  error instanceof HostError && error.failure.code === 'library-missing';

/** The calls of the C host, where a missing library costs the call, with a reason that a person can read. */
export function namingLibraries(native: NativeCalls): NativeCalls {
  const named: Record<string, unknown> = {};
  for (const [name, library] of Object.entries(libraryOf)) {
    const call = native[name as keyof NativeCalls] as (...parameters: unknown[]) => unknown;
    named[name] = (...parameters: unknown[]) => {
      try {
        return call(...parameters);
      } catch (error) {
        if (windowsErrorOf(error) !== moduleNotFound) throw error;
        const message = `${library} is missing from this image or cannot be loaded.`;
        throw new HostError({ kind: 'permanent', code: 'library-missing', message }, { cause: error });
      }
    };
  }
  return Object.assign(Object.create(native) as NativeCalls, named);
}
