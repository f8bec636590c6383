import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { selfSignedCertificate } from '../../server/http/self-signed-certificate.ts';
import { nginx } from './debian-packages.ts';
import { top } from './imports.ts';

/** Why nginx cannot run here, or false when it can; where everything is required, it must. */
export const noNginx: string | false =
  existsSync(nginx.file) || process.env['BOOTMEND_REQUIRE'] === 'all'
    ? false
    : `there is no ${nginx.file}; apt-get install nginx`;

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise(resolve => probe.close(resolve));
  return port;
}

/** nginx with the configuration that `docs/reverse-proxy.md` shows, on a loopback port, in a folder of its own. */
export class Nginx {
  readonly #process: ChildProcess;
  #said = '';

  constructor(folder: string, { port, consolePort }: { port: number; consolePort: number }) {
    const certificate = path.join(folder, 'localhost.pem');
    const key = path.join(folder, 'localhost.key');
    writeIdentity(certificate, key);
    const server = shownServer()
      .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replaceAll('mend.example.org;', 'localhost;')
      .replace('/etc/ssl/mend.example.org.pem', certificate)
      .replace('/etc/ssl/mend.example.org.key', key)
      .replace('127.0.0.1:8480', `127.0.0.1:${consolePort}`);
    const file = path.join(folder, 'nginx.conf');
    writeFileSync(file, configurationOf(folder, server));
    mkdirSync(path.join(folder, 'temporary'), { recursive: true });
    this.#process = spawn(nginx.file, ['-c', file, '-p', folder, '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process.stderr?.on('data', text => (this.#said += String(text)));
  }

  /** Waits until it answers. */
  async ready(url: string): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if (this.#process.exitCode !== null) break;
      const answers = await fetch(url).then(
        () => true,
        (error: Error) => /certificate/.test(String(error.cause)),
      );
      if (answers) return;
      await sleep(50);
    }
    throw new Error(`nginx does not answer: ${this.#said}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await gone;
  }
}

function shownServer(): string {
  const document = readFileSync(path.join(top, 'docs/reverse-proxy.md'), 'utf8');
  const [, server] = /```nginx\n(.*?)```/s.exec(document) ?? [];
  if (server === undefined) throw new Error('docs/reverse-proxy.md shows no nginx');
  return server;
}

const configurationOf = (folder: string, server: string) => `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(one => `${one}_temp_path ${folder}/temporary/${one};`).join('\n  ')}
${server}}
`;

function writeIdentity(certificate: string, key: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const about = { commonName: 'localhost', dnsNames: ['localhost'], notBefore, notAfter };
  writeFileSync(certificate, selfSignedCertificate(privateKey, about));
}
