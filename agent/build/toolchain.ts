import { type DebianPackage, ensurePackages } from './debian-packages.ts';
import { ToolError } from './run-tool.ts';

/** What makes a Windows program on Debian. */
export const toolchainPackages: readonly DebianPackage[] = [
  { name: 'gcc-mingw-w64-x86-64-posix', file: '/usr/bin/x86_64-w64-mingw32-gcc-posix' },
  { name: 'libz-mingw-w64-dev', file: '/usr/x86_64-w64-mingw32/lib/libz.a' },
  { name: 'gcc', file: '/usr/bin/gcc' },
  { name: 'libc6-dev', file: '/usr/include/stdio.h' },
  { name: 'xz-utils', file: '/usr/bin/xz' },
  { name: 'zopfli', file: '/usr/bin/zopfli' },
];

/** Names of the programs that make x64 Windows executables. */
export const windowsTools = {
  compiler: 'x86_64-w64-mingw32-gcc-posix',
  resourceCompiler: 'x86_64-w64-mingw32-windres',
} as const;

export const nativeCompiler = 'gcc';
/** Deflates a twentieth smaller than zlib at its best; what it makes is inflated as fast. */
export const deflater = 'zopfli';

/** Installs the toolchain when it may; otherwise fails and says what to install. */
export function ensureToolchain(say: (line: string) => void): void {
  const missing = ensurePackages(toolchainPackages, say);
  if (missing.length > 0) throw new ToolError(`The agent cannot be built without ${missing.join(', ')}.`);
}
