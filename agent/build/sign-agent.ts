import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages } from './debian-packages.ts';
import { runTool, ToolError } from './run-tool.ts';

export interface Signing {
  /** The executable, replaced by its signed self. */
  readonly file: string;
  /** The organization's code-signing certificate with its chain, PEM. */
  readonly certificate: string;
  /** Its private key, PEM. */
  readonly key: string;
  /** Address of a time-stamping authority (RFC 3161); without one the signature ends with the certificate. */
  readonly timestamp?: string | undefined;
  readonly say: (line: string) => void;
}

/** Puts an Authenticode signature into an executable, for sites where application control asks for one. */
export function signAgent({ file, certificate, key, timestamp, say }: Signing): void {
  const tool = { name: 'osslsigncode', file: '/usr/bin/osslsigncode' };
  if (ensurePackages([tool], say).length > 0) throw new ToolError('Signing needs osslsigncode.');
  for (const input of [certificate, key])
    if (!existsSync(input)) throw new ToolError(`${input} is not there.`);
  const signed = `${file}.signed`;
  rmSync(signed, { force: true });
  const stamp = timestamp === undefined ? [] : ['-ts', timestamp];
  const names = ['-h', 'sha256', '-n', 'Bootmend agent'];
  const files = ['-in', path.resolve(file), '-out', path.resolve(signed)];
  runTool(
    [
      'osslsigncode',
      'sign',
      '-certs',
      path.resolve(certificate),
      '-key',
      path.resolve(key),
      ...names,
      ...stamp,
      ...files,
    ],
    { cwd: path.dirname(path.resolve(file)) },
  );
  renameSync(signed, file);
}
