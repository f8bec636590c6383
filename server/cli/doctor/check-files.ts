import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config.ts';
import { type DoctorFinding, broken, good, warning } from './finding.ts';

const dayMs = 86_400_000;
const keyFiles = ['blob-key', 'online-key', 'session-key', 'tls-key.pem', 'tls-certificate.pem'];
const secretFiles = new Set(['blob-key', 'online-key', 'session-key', 'tls-key.pem']);

/** The keys of the server: all there, and for its owner alone. */
export function checkKeys(keysDir: string): DoctorFinding {
  const missing = keyFiles.filter(name => !existsSync(path.join(keysDir, name)));
  if (missing.length > 0)
    return broken(
      'keys',
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${keysDir}.`,
      'Bring them back from a backup before you start the server; it would make new ones, with which old evidence and enrolled machines are lost.',
    );
  const open = keyFiles.filter(
    name => secretFiles.has(name) && (statSync(path.join(keysDir, name)).mode & 0o077) !== 0,
  );
  if (open.length > 0 && process.platform !== 'win32')
    return broken('keys', `Others may read ${open.join(', ')}.`, `chmod 600 ${path.join(keysDir, '*-key*')}`);
  return good('keys', 'All keys are there, and only their owner may read them.');
}

/** Until when the certificates are good: the one that machines pin, and the console's own. */
export function checkCertificates(config: Config, now: Date): DoctorFinding[] {
  const own = checkCertificate(
    'device certificate',
    path.join(config.dataDir, 'keys/tls-certificate.pem'),
    now,
  );
  if (!config.consoleTls) return [own];
  return [own, checkCertificate('console certificate', config.consoleTls.certificateFile, now)];
}

function checkCertificate(check: string, file: string, now: Date): DoctorFinding {
  if (!existsSync(file)) return broken(check, `${file} is not there.`, 'Put the certificate there.');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(file));
  } catch {
    return broken(check, `${file} is no certificate.`, 'Accepted is an X.509 certificate as PEM.');
  }
  const until = certificate.validToDate;
  const days = Math.floor((until.getTime() - now.getTime()) / dayMs);
  const day = until.toISOString().slice(0, 10);
  if (days < 0) return broken(check, `It ended on ${day}.`, 'Renew it, and start the server again.');
  if (days < 30)
    return warning(check, `It ends on ${day}, in ${days} days.`, 'Renew it, and start the server again.');
  return good(check, `Good until ${day}.`);
}

const fewBytes = 2e9;

/** Whether there is room for evidence and database. */
export function checkDisk(dataDir: string): DoctorFinding {
  const disk = statfsSync(dataDir);
  const [free, total] = [disk.bavail * disk.bsize, disk.blocks * disk.bsize];
  const found = `${(free / 1e9).toFixed(1)} GB of ${(total / 1e9).toFixed(0)} GB are free at ${dataDir}.`;
  const advice = 'Make room, or keep evidence for fewer days: BOOTMEND_RETENTION_DAYS.';
  if (free < fewBytes / 4) return broken('disk', found, advice);
  if (free < fewBytes || free / total < 0.05) return warning('disk', found, advice);
  return good('disk', found);
}

/** Whether the agent for Windows is built here. */
export function checkAgent(file: string): DoctorFinding {
  if (!existsSync(file))
    return warning('agent', 'The agent for Windows is not built here.', 'npm run build:agent');
  const bytes = readFileSync(file);
  if (bytes.subarray(0, 2).toString('latin1') !== 'MZ')
    return broken('agent', `${file} is no Windows program.`, 'npm run build:agent');
  const hash = createHash('sha256').update(bytes).digest('hex');
  return good('agent', `Built, ${(bytes.length / 1e6).toFixed(2)} MB, SHA-256 ${hash}.`);
}

/** A clock that is years off makes every end of an approval wrong. */
export function checkClock(now: Date, builtAt: Date): DoctorFinding {
  const found = `This machine says ${now.toISOString()}.`;
  if (now.getTime() < builtAt.getTime() - dayMs)
    return broken('clock', `${found} This release is newer.`, 'Set the clock; let it follow a time server.');
  return good('clock', found);
}
