import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { runTool } from '../../../agent/build/run-tool.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const usable = 'basicConstraints=CA:false\nkeyUsage=digitalSignature\n';
const uses = {
  'code-signing': `${usable}extendedKeyUsage=codeSigning\n`,
  server: `${usable}extendedKeyUsage=serverAuth\n`,
  'time-stamping': `${usable}extendedKeyUsage=critical,timeStamping\n`,
  authority: 'basicConstraints=critical,CA:true\nkeyUsage=keyCertSign,cRLSign\n',
};

/** A made-up organization with a root, an authority below it, and what that certifies; all files are in `folder`. */
export class MadeUpAuthority {
  readonly folder = temporaryFolder();
  readonly root = this.place('root.pem');
  readonly intermediate = this.place('intermediate.pem');

  constructor() {
    this.#certify('root', 'authority', undefined);
    this.#certify('intermediate', 'authority', 'root');
  }

  place(name: string): string {
    return path.join(this.folder, name);
  }

  openssl(...words: readonly string[]): void {
    runTool(['openssl', ...words], { cwd: this.folder });
  }

  /** Makes `NAME.pem` and `NAME.key`, the certificate with its chain behind it and two days to live. */
  certify(name: string, use: keyof typeof uses, algorithm = 'rsa:2048') {
    this.#certify(name, use, 'intermediate', algorithm);
    const certificate = this.place(`${name}.pem`);
    fs.appendFileSync(certificate, fs.readFileSync(this.intermediate));
    return { certificate, key: this.place(`${name}.key`) };
  }

  #certify(name: string, use: keyof typeof uses, issuer: string | undefined, algorithm = 'rsa:2048'): void {
    const subject = `/O=Contoso/CN=Contoso ${name}`;
    const [kind, size] = algorithm.split(':');
    const curve =
      kind === 'ec' ? ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${size}`] : ['-newkey', algorithm];
    this.openssl(
      'req',
      ...curve,
      '-nodes',
      '-subj',
      subject,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    fs.writeFileSync(this.place(`${name}.cnf`), uses[use]);
    const by =
      issuer === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    const named = ['-days', '2', '-extfile', `${name}.cnf`, '-out', `${name}.pem`];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...by, ...named);
  }

  /** A time-stamping authority (RFC 3161) in a process of its own, since signing waits for it; gives its address. */
  async startTimeStamping(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
    this.certify('stamps', 'time-stamping');
    fs.writeFileSync(
      this.place('tsa.cnf'),
      `[tsa]\nserial = ${this.place('tsa-serial')}\nsigner_cert = stamps.pem\nsigner_key = stamps.key\ncerts = intermediate.pem\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n`,
    );
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'time-stamping-server.ts')], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const stop = async () => {
      child.kill();
      await once(child, 'close');
    };
    return { url: `http://127.0.0.1:${Number(String(line))}/`, stop };
  }
}
