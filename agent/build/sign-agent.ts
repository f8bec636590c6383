import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type DebianPackage, ensurePackages } from './debian-packages.ts';
import { runTool, ToolError } from './run-tool.ts';
import { problemOfSigner, readSignerChain, wordsOfChain } from './signer-certificates.ts';

export interface Signing {
  /** The executable, replaced by its signed self once that is known to be good. */
  readonly file: string;
  /** The organization's code-signing certificate, PEM with its chain; or PKCS#12 (.p12, .pfx) that holds the key too. */
  readonly certificate: string;
  /** Its private key: a PEM file, or the `pkcs11:` URI of a key in a token. None with PKCS#12. */
  readonly key?: string | undefined;
  /** The library of a token, as its maker or OpenSC gives it. */
  readonly pkcs11Module?: string | undefined;
  /** Certificates between the signer's and the root, PEM, where the file of the certificate lacks them. */
  readonly chain?: string | undefined;
  /** A file whose first line is the password of the key, of PKCS#12 or the PIN of a token. Never the password itself. */
  readonly passwordFile?: string | undefined;
  /**
   * Addresses of time-stamping authorities (RFC 3161), tried in this order; without one the signature ends with the
   * certificate.
   */
  readonly timestamps?: readonly string[] | undefined;
  readonly now?: Date;
  readonly say: (line: string) => void;
}

const signer: DebianPackage = { name: 'osslsigncode', file: '/usr/bin/osslsigncode' };
/** What lets OpenSSL use keys in tokens. */
export const tokenEngine: DebianPackage = {
  name: 'libengine-pkcs11-openssl',
  file: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/engines-3/pkcs11.so`,
};

/**
 * Puts an Authenticode signature into an executable, for sites where application control asks for one. Whatever fails,
 * the file stays as it was.
 */
export function signAgent(signing: Signing): void {
  const { file, pkcs11Module, say, now = new Date() } = signing;
  const needed = pkcs11Module === undefined ? [signer] : [signer, tokenEngine];
  const missing = ensurePackages(needed, say);
  if (missing.length > 0) throw new ToolError(`Signing needs ${missing.join(', ')}.`);
  const keyWords = wordsOfKey(signing);
  const signed = `${path.resolve(file)}.signed`;
  rmSync(signed, { force: true });
  try {
    sign(signing, keyWords, signed);
    const chain = readSignerChain(readFileSync(signed));
    const [leaf] = chain;
    const problem = leaf ? problemOfSigner(leaf, now) : 'The signature names no certificate.';
    if (problem !== undefined) throw new ToolError(`${problem} Nothing was signed.`);
    say(wordsOfChain(chain));
    renameSync(signed, file);
  } finally {
    rmSync(signed, { force: true });
  }
}

/** Where certificate and key are; says what is missing before anything starts, since osslsigncode would ask a terminal. */
function wordsOfKey({ file, certificate, key, pkcs11Module, chain, passwordFile }: Signing): string[] {
  const isInToken = key?.startsWith('pkcs11:') === true;
  const inputs = [file, certificate, isInToken ? undefined : key, pkcs11Module, chain, passwordFile];
  for (const input of inputs)
    if (input !== undefined && !existsSync(input)) throw new ToolError(`${input} is not there.`);
  const password = passwordFile === undefined ? [] : ['-readpass', path.resolve(passwordFile)];
  const more = chain === undefined ? [] : ['-ac', path.resolve(chain)];
  if (isInToken !== (pkcs11Module !== undefined))
    throw new ToolError(
      'A key in a token takes both its pkcs11: address (--key) and its library (--pkcs11).',
    );
  if (isPem(certificate)) {
    if (key === undefined) throw new ToolError(`${certificate} holds no key; name it with --key.`);
    const isLocked = !isInToken && readFileSync(key, 'latin1').includes('ENCRYPTED');
    if (passwordFile === undefined && (isLocked || isInToken))
      throw new ToolError(`${key} is locked: name a file with its password by --password-file.`);
    const token = pkcs11Module === undefined ? [] : ['-pkcs11module', path.resolve(pkcs11Module)];
    const keyWord = isInToken ? key : path.resolve(key);
    return [...token, '-certs', path.resolve(certificate), '-key', keyWord, ...password, ...more];
  }
  if (key !== undefined)
    throw new ToolError(`${certificate} is no PEM, so it is PKCS#12 and takes no --key.`);
  return ['-pkcs12', path.resolve(certificate), ...password, ...more];
}

const isPem = (file: string) => readFileSync(file, 'latin1').includes('-----BEGIN CERTIFICATE-----');

function sign(
  { file, certificate, key, passwordFile, timestamps = [] }: Signing,
  keyWords: string[],
  signed: string,
) {
  const words = ['-h', 'sha256', '-n', 'Bootmend agent', ...timestamps.flatMap(url => ['-ts', url])];
  const files = ['-in', path.resolve(file), '-out', signed];
  try {
    runTool(['osslsigncode', 'sign', ...keyWords, ...words, ...files], {
      cwd: path.dirname(signed),
      // A token finds its settings there.
      environment: process.env,
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const why = reasonIn(error.message, key ?? certificate, passwordFile, timestamps);
    throw why === undefined ? error : new ToolError(`${why} Nothing was signed.`, { cause: error });
  }
}

/** What osslsigncode means, in words for whoever signs; it says no password, and neither does this. */
function reasonIn(
  said: string,
  locked: string,
  passwordFile: string | undefined,
  timestamps: readonly string[],
): string | undefined {
  if (/Wrong password|mac verify failure|PIN incorrect|Login failed/i.test(said))
    return passwordFile === undefined
      ? `${locked} is locked: name a file with its password by --password-file.`
      : `The password in ${passwordFile} does not open ${locked}.`;
  if (/timestamping failed/i.test(said)) return `No time stamp was given by ${timestamps.join(' or ')}.`;
  if (/consistency of a private key|key values mismatch/i.test(said))
    return `${locked} is not the key of the certificate.`;
  if (/Failed to extract PKCS#12/i.test(said)) return `${locked} is neither PEM nor PKCS#12.`;
  if (/Unable to load module/i.test(said)) return 'The library of the token cannot be loaded.';
  if (/private key was not found/i.test(said)) return `The token has no key ${locked}.`;
  return undefined;
}
