import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { riskOf } from '../../../shared/remediation/syntax-tree.ts';
import { payloadTypes } from '../../../shared/trust/documents.ts';
import { sealDocument } from '../../../shared/trust/seal-document.ts';
import type { RunningServer } from '../../start.ts';
import { createKeyFile, openKeyFile } from '../key-file.ts';

/** What an admin does before the first machine may be healed: keys, trust, one approval, one enrolment token. */
export interface PreparedHouse {
  readonly approver: string;
  readonly bundleFile: string;
  readonly risk: string;
}

const organization = 'default';
const day = 86_400_000;

/** Does it all with keys of its own, made in `folder`, as `key new`, `trust draft`, `sign` and `token new` would. */
export async function prepareHouse(
  server: RunningServer,
  folder: string,
  remediationId: string,
  /** How many machines may enrol. */
  machines = 1,
): Promise<PreparedHouse> {
  const { features, onlineKey, pins, deviceUrl, database } = server;
  const approver = 'Anna Demo';
  const keyFile = path.join(folder, 'approver.json');
  const passphrase = randomBytes(24).toString('base64url');
  createKeyFile(keyFile, approver, passphrase);
  const { key, sign } = openKeyFile(keyFile, passphrase);

  const now = Date.now();
  const trust = {
    type: 'trust' as const,
    organization,
    version: 1,
    threshold: 1,
    approvers: [key],
    onlineKey: { keyId: onlineKey.keyId, publicKey: onlineKey.publicKey },
    serverPins: [...pins],
    issuedAt: new Date(now).toISOString(),
  };
  const trustEnvelope = sealDocument(payloadTypes.trust, trust, key.keyId, sign);
  await features.trust.publish(organization, trustEnvelope, 'demo');

  const stored = await features.remediations.findNewest(database, organization, remediationId);
  const script = stored && checkScript(stored.text).script;
  if (!stored || !script)
    throw new Error(`The catalogue does not hold a script ${remediationId} without mistakes.`);
  const risk = riskOf(script);
  const approval = {
    type: 'approval' as const,
    organization,
    remediationId,
    version: stored.version,
    scriptSha256: createHash('sha256').update(stored.text).digest('hex'),
    risk,
    sequence: await features.approvals.readNextSequence(organization),
    approvedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 30 * day).toISOString(),
    devices: { kind: 'every-device' as const, where: [] },
  };
  const approvalEnvelope = sealDocument(payloadTypes.approval, approval, key.keyId, sign);
  await features.approvals.add(organization, approvalEnvelope, 'demo');

  const token = await features.tokens.create({
    organizationId: organization,
    actor: 'demo',
    label: 'demo machines',
    kind: 'device',
    uses: machines,
    expiresAt: new Date(now + day),
  });
  const bundleFile = path.join(folder, 'bundle.json');
  const bundle = {
    organization,
    servers: [deviceUrl],
    pins,
    trust: trustEnvelope,
    token,
    helpDesk: 'the person who started this demo',
    settings: { waitIntervalMinutes: 1, totalWaitMinutes: 5 },
  };
  writeFileSync(bundleFile, JSON.stringify(bundle), { mode: 0o600 });
  return { approver, bundleFile, risk };
}
