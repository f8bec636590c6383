import { createHash } from 'node:crypto';
import path from 'node:path';
import { windowsFlags } from './compile-quickjs.ts';
import { makeOnce } from './make-once.ts';
import { runTool } from './run-tool.ts';
import { libsodium } from './source-archive.ts';
import { windowsTools } from './toolchain.ts';

/** What of libsodium the agent carries: Ed25519, X25519 and SHA-512, in portable C. */
const units = [
  'crypto_core/ed25519/ref10/ed25519_ref10',
  'crypto_hash/sha512/cp/hash_sha512_cp',
  'crypto_scalarmult/curve25519/ref10/x25519_ref10',
  'crypto_sign/ed25519/ref10/keypair',
  'crypto_sign/ed25519/ref10/open',
  'crypto_sign/ed25519/ref10/sign',
  'crypto_verify/sodium/verify',
] as const;

/** What its configure script finds for this target; its warnings are its authors' affair. */
const languageFlags = ['-DCONFIGURED=1', '-DHAVE_TI_MODE=1', '-DNATIVE_LITTLE_ENDIAN=1', '-w'];
/** Sets the table of the base point's multiples aside; `sodium-parts.c` does without it. */
const withoutTable = '-Dge25519_scalarmult_base=ge25519_scalarmult_by_table';

/** Folders of its headers, for its units and for the C host. */
export const sodiumHeaders = (source: string): readonly string[] =>
  ['src/libsodium', 'src/libsodium/include/sodium'].map(one => path.join(source, one));

/** Compiles them for Windows, once per source, flags and compiler; gives the object files. */
export function compileSodium(source: string, cache: string): readonly string[] {
  const compiler = runTool([windowsTools.compiler, '--version'], { cwd: '/' });
  const key = createHash('sha256')
    .update(JSON.stringify([libsodium.version, units, windowsFlags, languageFlags, withoutTable, compiler]))
    .digest('hex');
  const folder = path.join(path.resolve(cache), `sodium-${key.slice(0, 16)}`);
  const objects = units.map(unit => path.join(folder, `${path.basename(unit)}.o`));
  makeOnce(folder, fresh => {
    for (const unit of units) {
      const name = path.basename(unit);
      const special = name === 'ed25519_ref10' ? [withoutTable] : [];
      const flags = [...languageFlags, ...special, ...windowsFlags, `-frandom-seed=${name}`];
      const out = path.join(fresh, `${name}.o`);
      const headers = ['-Iinclude/sodium', '-Iinclude'];
      runTool([windowsTools.compiler, ...flags, ...headers, '-c', `${unit}.c`, '-o', out], {
        cwd: path.join(source, 'src/libsodium'),
      });
    }
  });
  return objects;
}
