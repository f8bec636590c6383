import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { after } from 'node:test';
import type { RunningServer } from '../../server/start.ts';
import { hexOf } from '../../shared/bytes/hex.ts';
import { payloadTypes } from '../../shared/trust/documents.ts';
import { sealDocument } from '../../shared/trust/seal-document.ts';
import { type Answer, parseAnswer } from '../../shared/wire/answer.ts';
import { checkInExample } from '../../shared/wire/check-in.ts';
import type { EvidenceOffer } from '../../shared/wire/evidence.ts';
import { anna, approver, exampleApproval, exampleTrust, type TestKey, testKey } from './approvers.ts';
import { multipart, signedHeaders } from './device-client.ts';

const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
after(() => agent.destroy());

export interface WireAnswer {
  readonly status: number;
  /** The code of a refusal. */
  readonly code: string | undefined;
  readonly json: Record<string, unknown>;
}

/** Sends one request to the device listener, whose certificate is known by its pin only. */
export async function send(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<WireAnswer> {
  const asking = request(url, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
  });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const json = JSON.parse(Buffer.concat(chunks).toString()) as WireAnswer['json'];
  const error = json['error'] as { code?: string } | undefined;
  return { status: response.statusCode ?? 0, code: error?.code, json };
}

const organization = 'default';

/** Makes anna the approver, and has her approve the shipped remediation; the server's own rules do the rest. */
export async function approveCatalog(server: RunningServer): Promise<void> {
  const { keyId, publicKey } = server.onlineKey;
  const trust = {
    ...exampleTrust,
    approvers: [approver(anna)],
    onlineKey: { keyId, publicKey },
    serverPins: [...server.pins],
  };
  await server.features.trust.publish(
    organization,
    sealDocument(payloadTypes.trust, trust, anna.keyId, anna.sign),
    'test',
  );
  const [script] = await server.database.query<{ remediation_id: string; version: number; sha256: Buffer }>(
    `select remediation_id, version, sha256 from remediation_version where remediation_id = 'crowdstrike-2024-07-19'`,
  );
  const approval = {
    ...exampleApproval,
    remediationId: script!.remediation_id,
    version: script!.version,
    scriptSha256: hexOf(script!.sha256),
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  await server.features.approvals.add(
    organization,
    sealDocument(payloadTypes.approval, approval, anna.keyId, anna.sign),
    'test',
  );
}

let made = 0;

/** A device on the real wire. */
export class WireDevice {
  readonly url: string;
  readonly key: TestKey;
  readonly keyId: string;
  readonly episode = randomBytes(16).toString('hex');
  sequence = 0;

  private constructor(url: string, key: TestKey, keyId: string) {
    this.url = url;
    this.key = key;
    this.keyId = keyId;
  }

  static async enrol(server: RunningServer): Promise<WireDevice> {
    const key = testKey('device', 40 + ++made);
    const token = await server.features.tokens.create({
      organizationId: organization,
      actor: 'test',
      label: 'wire',
      kind: 'device',
      uses: 1,
      expiresAt: new Date(Date.now() + 600_000),
    });
    return await WireDevice.enrolBy(server, token, key);
  }

  /** Enrols with a token that somebody made. */
  static async enrolBy(server: RunningServer, token: string, key = testKey('device', 40 + ++made)) {
    const message = { version: 1, token, publicKey: key.publicKey, device: { name: `WIRE-${made}` } };
    const stranger = new WireDevice(server.deviceUrl, key, `${organization}/new/1`);
    const answer = await stranger.post('/v1/enrol', message);
    if (answer.status !== 200) throw new Error(`enrolment was refused: ${answer.code}`);
    return new WireDevice(server.deviceUrl, key, String(answer.json['keyId']));
  }

  /** The same machine in a new episode, calling a server that was started again. */
  callAgain(server: RunningServer): WireDevice {
    return new WireDevice(server.deviceUrl, this.key, this.keyId);
  }

  get deviceId(): string {
    return this.keyId.split('/')[1]!;
  }

  checkInMessage(change: object = {}): object {
    const nonce = randomBytes(16).toString('hex');
    return { ...checkInExample, episode: this.episode, sequence: ++this.sequence, nonce, ...change };
  }

  outcomeMessage(attemptId: string, state = 'applied'): object {
    const { episode } = this;
    return { version: 1, episode, sequence: ++this.sequence, attemptId, state, steps: [], story: [] };
  }

  bootedMessage(attemptId?: string): object {
    const { episode } = this;
    return { version: 1, episode, sequence: ++this.sequence, agentVersion: '0.1.0', attemptId };
  }

  async post(path: string, message: object): Promise<WireAnswer> {
    const body = Buffer.from(JSON.stringify(message));
    return await send(this.url + path, this.headers(path, body), body);
  }

  headers(path: string, body: Uint8Array): Record<string, string> {
    return signedHeaders(this.key, { keyId: this.keyId, method: 'POST', path, body });
  }

  async checkIn(change: object = {}): Promise<Answer> {
    return answerOf(await this.post('/v1/check-in', this.checkInMessage(change)));
  }

  /** Sends a stretch of a piece of evidence. */
  async upload(evidenceId: string, bytes: Uint8Array, offsetBytes = 0): Promise<WireAnswer> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { episode } = this;
    const sizeBytes = bytes.length;
    const part = { version: 1, episode, evidenceId, offsetBytes, sizeBytes, sha256, atMs: 1 };
    const { contentType, body } = multipart([
      { name: 'part', bytes: Buffer.from(JSON.stringify(part)) },
      { name: 'bytes', bytes, fileName: 'part.bin' },
    ]);
    const path = '/v1/evidence';
    return await send(this.url + path, { ...this.headers(path, body), 'content-type': contentType }, body);
  }
}

export function answerOf({ status, json }: WireAnswer): Answer {
  const parsed = parseAnswer(json);
  if (status !== 200 || !parsed.ok) throw new Error(`status ${status}: ${JSON.stringify(json)}`);
  return parsed.value;
}

/** The attempt that an order names. */
export function attemptIn(answer: Answer): string {
  if (answer.decision.kind !== 'remediate') throw new Error(`no order: ${JSON.stringify(answer.decision)}`);
  const order = JSON.parse(Buffer.from(answer.decision.order.payload, 'base64').toString()) as {
    attemptId: string;
  };
  return order.attemptId;
}

export const offerOf = (
  evidenceId: string,
  kind: EvidenceOffer['kind'],
  bytes: Uint8Array,
): EvidenceOffer => ({
  evidenceId,
  kind,
  name: 'file.bin',
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const folder = String.raw`%systemroot%\system32\drivers\crowdstrike`;

/** Facts of a machine that the shipped rule fits. */
export const channelFacts = {
  'driver.csagent.version': '7.15.18513.0',
  [String.raw`file.${folder}\c-00000291-00000000-00000032.sys`]: {
    sizeBytes: 41_004,
    writtenAt: '2024-07-19T04:09:33.000Z',
  },
  [String.raw`searched.${folder}\*`]: { files: 3 },
  'crash.code': '0x50',
  'crash.module': 'csagent.sys',
};

/** The same machine after it fetched the corrected file. */
export const nearMissFacts = {
  ...channelFacts,
  [String.raw`file.${folder}\c-00000291-00000000-00000033.sys`]: {
    sizeBytes: 41_004,
    writtenAt: '2024-07-19T05:27:52.000Z',
  },
};

/** The same machine, before anybody looked for a corrected file. */
export const unsearchedFacts = Object.fromEntries(
  Object.entries(channelFacts).filter(([name]) => !name.startsWith('searched.')),
);
