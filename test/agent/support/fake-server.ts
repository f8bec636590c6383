import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { HttpRequest, HttpResult } from '../../../agent/host/host.ts';
import type { MemoryServer } from '../../../agent/host/memory-host.ts';
import { hexOf } from '../../../shared/bytes/hex.ts';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import {
  type AgentReleaseDocument,
  type ApprovalDocument,
  type OfflineBundleDocument,
  payloadTypes,
  type RecallDocument,
  type TrustDocument,
  type UndoOrderDocument,
} from '../../../shared/trust/documents.ts';
import { publicKeyOf, signerOf, verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import {
  addSignature,
  type Envelope,
  payloadOf,
  preAuthenticationEncoding,
} from '../../../shared/trust/envelope.ts';
import { sealDocument } from '../../../shared/trust/seal-document.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Answer, Decision } from '../../../shared/wire/answer.ts';
import { type Booted, parseBooted } from '../../../shared/wire/booted.ts';
import { type CheckIn, parseCheckIn } from '../../../shared/wire/check-in.ts';
import { type EnrolRequest, parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { type EvidencePart, parseEvidencePart } from '../../../shared/wire/evidence.ts';
import { type Outcome, parseOutcome } from '../../../shared/wire/outcome.ts';
import { parseReadiness, type Readiness, type ReadinessAnswer } from '../../../shared/wire/readiness.ts';
import {
  contentDigestOf,
  parseSignatureHeaders,
  signatureBaseOf,
} from '../../../shared/wire/request-signature.ts';

export const organization = 'contoso';
export const serverPin = 'c0'.repeat(32);
export const serverAddress = 'https://10.0.0.5:8443';

const secretOf = (name: string) => new Uint8Array(createHash('sha256').update(`test key ${name}`).digest());
const hexPublic = (name: string) => hexOf(publicKeyOf(secretOf(name)));

const catalogue = path.resolve(import.meta.dirname, '../../../server/catalog/crowdstrike-2024-07-19');
/** The script that the catalogue ships. */
export const channelFileScript = fs.readFileSync(path.join(catalogue, 'remediation.mend'), 'utf8');
/** The rule that the catalogue ships. */
export const channelFileIssue = fs.readFileSync(path.join(catalogue, 'issue.yaml'), 'utf8');

export type Told =
  | { readonly kind: 'check-in'; readonly message: CheckIn }
  | { readonly kind: 'outcome'; readonly message: Outcome }
  | { readonly kind: 'booted'; readonly message: Booted }
  | { readonly kind: 'evidence'; readonly message: EvidencePart }
  | { readonly kind: 'readiness'; readonly message: Readiness }
  | { readonly kind: 'enrol'; readonly message: EnrolRequest };

interface ServerState {
  readonly told: Told[];
  readonly answers: Map<string, { readonly bodySha256: string; readonly answer: Answer }>;
  readonly keys: Map<string, string>;
  readonly evidence: Map<string, Uint8Array>;
  attempts: number;
}

export interface FakeServerOptions {
  readonly threshold?: number;
  readonly decide?: (told: Told, server: FakeServer) => Decision;
  /** Rides on every answer. */
  readonly news?: (told: Told, server: FakeServer) => Pick<Answer, 'trust' | 'recall'>;
  /** What it would like to know of a healthy machine's next start, and which of its recovery passwords it keeps. */
  readonly asked?: () => Pick<ReadinessAnswer, 'probes' | 'keptKeys'>;
  /** Runs first; a result is the answer, as of a server that is in trouble. */
  readonly trouble?: (request: HttpRequest, number: number) => HttpResult | undefined;
}

/** A server in memory that speaks the wire with real signatures and keeps answers by episode and sequence. */
export class FakeServer {
  readonly options: FakeServerOptions;
  readonly state: ServerState;
  requests = 0;

  constructor(options: FakeServerOptions = {}, state?: ServerState) {
    this.options = options;
    this.state = state ?? { told: [], answers: new Map(), keys: new Map(), evidence: new Map(), attempts: 0 };
  }

  /** The same server at this moment, on its own from now on. */
  fork(): FakeServer {
    const { told, answers, keys, evidence, attempts } = this.state;
    const state = {
      told: [...told],
      answers: new Map(answers),
      keys: new Map(keys),
      evidence: new Map(evidence),
      attempts,
    };
    return new FakeServer(this.options, state);
  }

  get memoryServer(): MemoryServer {
    return { pin: serverPin, respond: request => this.respond(request) };
  }

  get told(): readonly Told[] {
    return this.state.told;
  }

  get outcomes(): readonly Outcome[] {
    return this.told.filter(one => one.kind === 'outcome').map(one => one.message);
  }

  get checkIns(): readonly CheckIn[] {
    return this.told.filter(one => one.kind === 'check-in').map(one => one.message);
  }

  trust(over: Partial<TrustDocument> = {}, signers: readonly string[] = ['ada', 'ben']): Envelope {
    const document: TrustDocument = {
      type: 'trust',
      organization,
      version: 1,
      threshold: this.options.threshold ?? 1,
      approvers: ['ada', 'ben'].map(name => ({
        keyId: name,
        publicKey: hexPublic(name),
        kind: 'file',
        owner: name,
      })),
      onlineKey: { keyId: 'online', publicKey: hexPublic('online') },
      serverPins: [serverPin],
      issuedAt: '2026-11-01T00:00:00.000Z',
      ...over,
    };
    return sealed(payloadTypes.trust, document, signers);
  }

  recall(scriptSha256s: string[], version = 1): Envelope {
    const document: RecallDocument = { type: 'recall', organization, version, scriptSha256s };
    return sealed(payloadTypes.recall, document, ['ben']);
  }

  /** An order for a check-in, with its approval. */
  remediate(
    { episode, nonce }: CheckIn,
    over: {
      readonly script?: string;
      readonly sentScript?: string;
      readonly order?: Readonly<Record<string, unknown>>;
      readonly approval?: Partial<ApprovalDocument>;
      readonly signers?: readonly string[];
      readonly orderSigner?: string;
    } = {},
  ): Decision {
    const script = over.script ?? channelFileScript;
    const scriptSha256 = sha256Of(script);
    const number = String(++this.state.attempts).padStart(12, '0');
    const order = {
      type: 'order' as const,
      organization,
      deviceId: 'device-1',
      incidentId: '01900000-0000-7000-8000-00000000aaaa',
      attemptId: `01900000-0000-7000-8000-${number}`,
      episode,
      nonce,
      scriptSha256,
      validForSeconds: 600,
      ...over.order,
    };
    const approval: ApprovalDocument = {
      type: 'approval',
      organization,
      remediationId: 'crowdstrike-2024-07-19',
      version: 1,
      scriptSha256,
      risk: 'low',
      sequence: 5,
      approvedAt: '2026-11-02T00:00:00.000Z',
      expiresAt: '2026-12-31T00:00:00.000Z',
      devices: { kind: 'every-device', where: [] },
      ...over.approval,
    };
    return {
      kind: 'remediate',
      order: sealed(payloadTypes.order, order, [over.orderSigner ?? 'online']),
      approval: sealed(payloadTypes.approval, approval, over.signers ?? ['ada', 'ben']),
      script: over.sentScript ?? script,
    };
  }

  /** What a machine without a network may decide by itself: the rule and the script of the catalogue. */
  offlineBundle(
    over: {
      readonly bundle?: Partial<OfflineBundleDocument>;
      readonly approval?: Partial<ApprovalDocument>;
      readonly signers?: readonly string[];
      readonly sealedBy?: string;
      readonly script?: string;
    } = {},
  ): Envelope {
    const { rule } = parseIssue(channelFileIssue);
    const { script = channelFileScript } = over;
    const approval: ApprovalDocument = {
      type: 'approval',
      organization,
      remediationId: 'crowdstrike-2024-07-19',
      version: 1,
      scriptSha256: sha256Of(script),
      risk: 'low',
      sequence: 5,
      approvedAt: '2026-11-02T00:00:00.000Z',
      expiresAt: '2026-12-31T00:00:00.000Z',
      devices: { kind: 'every-device', where: [] },
      ...over.approval,
    };
    const document: OfflineBundleDocument = {
      type: 'offline-bundle',
      organization,
      version: 7,
      expiresAt: '2026-12-31T00:00:00.000Z',
      remedies: [
        {
          rule: JSON.parse(JSON.stringify(rule)) as OfflineBundleDocument['remedies'][number]['rule'],
          remediationId: 'crowdstrike-2024-07-19',
          approval: sealed(payloadTypes.approval, approval, over.signers ?? ['ada', 'ben']),
          script,
        },
      ],
      ...over.bundle,
    };
    return sealed(payloadTypes.offlineBundle, document, [over.sealedBy ?? 'online']);
  }

  /** An order to take an attempt back. */
  undoOrder(
    over: Pick<UndoOrderDocument, 'attemptId' | 'scriptSha256' | 'nonce'> & Partial<UndoOrderDocument>,
    signers: readonly string[] = ['online'],
  ): Envelope {
    const order = { type: 'undo-order', organization, deviceId: 'device-1', ...over } as const;
    return sealed(payloadTypes.undoOrder, order, signers);
  }

  /** A newer agent as approvers sign it. */
  agentRelease(
    agent: Uint8Array,
    over: Partial<AgentReleaseDocument> = {},
    signers: readonly string[] = ['ada', 'ben'],
  ): Envelope {
    const release: AgentReleaseDocument = {
      type: 'agent-release',
      organization,
      number: 3,
      version: '0.2.0',
      sha256: sha256Of(agent),
      sizeBytes: agent.length,
      approvedAt: '2026-11-02T00:00:00.000Z',
      ...over,
    };
    return sealed(payloadTypes.agentRelease, release, signers);
  }

  respond(request: HttpRequest): HttpResult {
    const trouble = this.options.trouble?.(request, ++this.requests);
    if (trouble) return trouble;
    const { keyId, isGood } = this.#checkSignature(request);
    if (request.path === '/v1/evidence')
      return isGood ? this.#takeEvidence(request) : refused('wrong-signature');
    const text = textOfUtf8(request.body).text;
    if (request.path === '/v1/enrol') return this.#enrol(JSON.parse(text));
    if (!isGood) return refused('wrong-signature');
    assert.equal(keyId, `${organization}/device-1/1`);

    if (request.path === '/v1/readiness') {
      this.state.told.push({ kind: 'readiness', message: valueOf(parseReadiness(JSON.parse(text))) });
      return ok({ version: 1, ...this.options.asked?.() });
    }
    const told = parseTold(request.path, JSON.parse(text));
    const place = `${told.message.episode} ${told.message.sequence}`;
    const bodySha256 = sha256Of(text);
    const stored = this.state.answers.get(place);
    if (stored) return stored.bodySha256 === bodySha256 ? ok(stored.answer) : refused('sequence-used', 409);
    this.state.told.push(told);
    const decide = this.options.decide ?? remediateOnce;
    const answer: Answer = {
      version: 1,
      incidentCode: 'K7Q2-9MPD',
      decision: decide(told, this),
      ...this.options.news?.(told, this),
    };
    this.state.answers.set(place, { bodySha256, answer });
    return ok(answer);
  }

  #checkSignature({ method, path, headers, body }: HttpRequest) {
    const parsed = parseSignatureHeaders({
      contentDigest: headers['content-digest'],
      signatureInput: headers['signature-input'],
      signature: headers['signature'],
    });
    assert.ok(parsed, 'the request is signed');
    const contentDigest = headers['content-digest'] ?? '';
    const bodySha256 = new Uint8Array(createHash('sha256').update(body).digest());
    const key = this.state.keys.get(parsed.keyId);
    const base = signatureBaseOf({ method, path, contentDigest, keyId: parsed.keyId });
    const isGood =
      key !== undefined &&
      contentDigest === contentDigestOf(bodySha256) &&
      verifyEd25519(new Uint8Array(Buffer.from(key, 'hex')), base, parsed.signature);
    return { keyId: parsed.keyId, isGood };
  }

  #enrol(input: unknown): HttpResult {
    const parsed = parseEnrolRequest(input);
    assert.ok(parsed.ok);
    this.state.told.push({ kind: 'enrol', message: parsed.value });
    const keyId = `${organization}/device-1/1`;
    this.state.keys.set(keyId, parsed.value.publicKey);
    return ok({ version: 1, keyId, state: 'active', trust: [] });
  }

  #takeEvidence({ body, headers }: HttpRequest): HttpResult {
    const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const raw = Buffer.from(body);
    const [, first = '', rest] = raw.toString('latin1').split(`--${boundary}`);
    const part = parseEvidencePart(JSON.parse(first.slice(first.indexOf('\r\n\r\n') + 4).trim()));
    assert.ok(part.ok && rest !== undefined);
    const content = rest.slice(rest.indexOf('\r\n\r\n') + 4, -2);
    const sent = Buffer.from(content, 'latin1');
    const { evidenceId, offsetBytes, sizeBytes, sha256, encoding } = part.value;
    const bytes = new Uint8Array(encoding === undefined ? sent : inflateRawSync(sent));
    assert.deepEqual([bytes.length, sha256Of(bytes)], [sizeBytes, sha256]);
    const before = this.state.evidence.get(evidenceId) ?? new Uint8Array(0);
    const offers = [...this.checkIns, ...this.outcomes].flatMap(one => one.evidence ?? []);
    const offer = offers.find(one => one.evidenceId === evidenceId);
    assert.ok(offer);
    this.state.told.push({ kind: 'evidence', message: part.value });
    const received = offsetBytes === before.length ? new Uint8Array([...before, ...bytes]) : before;
    this.state.evidence.set(evidenceId, received);
    const complete = received.length === offer.sizeBytes && sha256Of(received) === offer.sha256;
    return ok({ version: 1, receivedBytes: received.length, complete });
  }
}

/** Orders the script at a check-in, unless an attempt ended before; carries on otherwise. */
export function remediateOnce(told: Told, server: FakeServer): Decision {
  return told.kind === 'check-in' ? server.remediate(told.message) : { kind: 'carry-on' };
}

/** Adds a good signature of another approver. */
export function signToo(envelope: Envelope, name: string): Envelope {
  const payload = payloadOf(envelope, envelope.payloadType);
  assert.ok(payload);
  return addSignature(
    envelope,
    name,
    signerOf(secretOf(name))(preAuthenticationEncoding(envelope.payloadType, payload)),
  );
}

export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

function sealed<Type extends Parameters<typeof sealDocument>[0]>(
  type: Type,
  document: Parameters<typeof sealDocument<Type>>[1],
  signers: readonly string[],
): Envelope {
  const [first = 'nobody', ...others] = signers;
  return others.reduce(signToo, sealDocument(type, document, first, signerOf(secretOf(first))));
}

type Numbered = Extract<Told, { readonly kind: 'check-in' | 'outcome' | 'booted' }>;

function parseTold(path: string, input: unknown): Numbered {
  if (path === '/v1/check-in') return { kind: 'check-in', message: valueOf(parseCheckIn(input)) };
  if (path === '/v1/outcome') return { kind: 'outcome', message: valueOf(parseOutcome(input)) };
  assert.equal(path, '/v1/booted');
  return { kind: 'booted', message: valueOf(parseBooted(input)) };
}

function valueOf<Value>(
  parsed:
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly problem: { readonly message: string } },
): Value {
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.problem.message);
  return parsed.value;
}

export const ok = (value: object): HttpResult => ({
  ok: true,
  status: 200,
  headers: {},
  body: utf8Of(JSON.stringify(value)),
});

export const refused = (code: string, status = 401): HttpResult => ({
  ok: true,
  status,
  headers: {},
  body: utf8Of(JSON.stringify({ error: { code, message: code } })),
});

export const busy = (retryAfterSeconds: number): HttpResult => ({
  ok: true,
  status: 503,
  headers: { 'retry-after': String(retryAfterSeconds) },
  body: utf8Of('{}'),
});

export const connectionRefused: HttpResult = {
  ok: false,
  failure: { kind: 'transient', code: 'connection-refused', message: 'nobody listens' },
};
