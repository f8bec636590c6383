import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { FileBlobStore } from '../../server/blobs/file-blob-store.ts';
import type { Database } from '../../server/db/database.ts';
import { AgentReleases } from '../../server/features/agent-releases/agent-releases.ts';
import { AuditLog } from '../../server/features/audit/audit-log.ts';
import { DeviceCopies } from '../../server/features/devices/device-copies.ts';
import { DeviceKeys } from '../../server/features/devices/device-keys.ts';
import { DeviceReadiness } from '../../server/features/devices/device-readiness.ts';
import { Devices } from '../../server/features/devices/devices.ts';
import { Enrolment } from '../../server/features/devices/enrolment.ts';
import { EnrolmentTokens } from '../../server/features/devices/enrolment-tokens.ts';
import { EvidenceIntake } from '../../server/features/evidence/evidence-intake.ts';
import { EvidenceReader } from '../../server/features/evidence/evidence-reader.ts';
import { HealthyQuestions } from '../../server/features/known-issues/healthy-questions.ts';
import { Incidents } from '../../server/features/incidents/incidents.ts';
import { Intake } from '../../server/features/intake/intake.ts';
import { attemptStatesBefore, isLive } from '../../server/features/intake/attempt-machine.ts';
import { Silence } from '../../server/features/intake/silence.ts';
import type { IssueVerdict } from '../../server/features/known-issues/issue-verdict.ts';
import { RecoveryKeys } from '../../server/features/recovery-keys/recovery-keys.ts';
import { SecretVault } from '../../server/secret-vault.ts';
import { Remediations } from '../../server/features/remediations/remediations.ts';
import { Approvals } from '../../server/features/trust/approvals.ts';
import { onlineKeyOf } from '../../server/features/trust/online-key.ts';
import { TrustKeeper } from '../../server/features/trust/trust-keeper.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { payloadTypes, type TrustDocument } from '../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../shared/trust/ed25519.ts';
import { openOrder } from '../../shared/trust/open-order.ts';
import { sealDocument } from '../../shared/trust/seal-document.ts';
import { type Answer, parseAnswer } from '../../shared/wire/answer.ts';
import { type CheckIn, checkInExample } from '../../shared/wire/check-in.ts';
import {
  anna,
  approver,
  exampleApproval,
  exampleTrust,
  type TestKey,
  signAlso,
  testKey,
} from './approvers.ts';
import { UndoOrders } from '../../server/features/undo/undo-orders.ts';
import { silentLog } from './silent-log.ts';

export const organizationId = 'default';
export const channelScript = 'delete %SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00000291*.sys\nreboot\n';

/** What the issues come to is said by the test: the rules themselves are tested elsewhere. */
export const channelIssue: IssueVerdict & Required<Pick<IssueVerdict, 'conditions'>> = {
  knownIssueId: 'crowdstrike-2024-07-19',
  version: 1,
  title: 'CrowdStrike channel file 291 of 19 July 2024',
  policy: 'automatic',
  remediationId: 'crowdstrike-2024-07-19',
  verdict: 'matched',
  conditions: [{ verdict: 'held', condition: 'the crash is in csagent.sys', value: 'csagent.sys' }],
  probes: [],
};

/** The features over a database, with a clock and known issues that the test sets. */
export async function featuresOver(database: Database) {
  let now = new Date('2026-03-01T08:00:00.000Z');
  let issuesOf = (facts: Facts): readonly IssueVerdict[] =>
    facts['crash.module'] === 'csagent.sys' ? [channelIssue] : [];
  const clock = () => now;
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-features-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const blobs = new FileBlobStore(dir, Buffer.alloc(32, 7));
  const onlineKey = onlineKeyOf(Buffer.alloc(32, 9));
  const audit = new AuditLog(clock);
  const keys = new DeviceKeys(database, clock);
  const trust = new TrustKeeper({ sql: database, audit, onlineKey, verify: verifyEd25519 });
  const approvals = new Approvals({ sql: database, trust, audit, verify: verifyEd25519, clock });
  const agentReleases = new AgentReleases({
    sql: database,
    blobs,
    audit,
    verify: verifyEd25519,
    trustOf: organization => trust.state(organization),
    clock,
  });
  const scripts = new Remediations();
  const changed: string[] = [];
  const incidentChanged = (incidentId: string) => void changed.push(incidentId);
  const undos = new UndoOrders({
    sql: database,
    audit,
    onlineKey,
    clock,
    undoable: attemptStatesBefore('undone').filter(state => !isLive(state) && state !== 'undone'),
    incidentChanged,
  });
  const vault = new SecretVault(randomBytes(32));
  const copies = new DeviceCopies({ audit, clock });
  const recoveryKeys = new RecoveryKeys({ sql: database, vault, audit, clock });
  const common = { transactions: database, log: silentLog, clock, incidentChanged };
  const reader = new EvidenceReader({ ...common, sql: database, blobs });
  after(() => reader.stop());
  return {
    database,
    blobs,
    onlineKey,
    audit,
    keys,
    trust,
    approvals,
    scripts,
    changed,
    reader,
    recoveryKeys,
    devices: new Devices({ transactions: database, keys, audit, clock }),
    agentReleases,
    readiness: new DeviceReadiness({
      transactions: database,
      copies,
      updates: agentReleases,
      undos,
      questions: new HealthyQuestions({ sql: database, clock }),
      recoveryKeys,
      clock,
    }),
    undos,
    enrolment: new Enrolment({ transactions: database, trust, audit, clock }),
    tokens: new EnrolmentTokens({ transactions: database, audit }),
    evidence: new EvidenceIntake({ ...common, blobs, dailyBytes: 64 * 1024 * 1024, readingQueued: () => {} }),
    incidents: new Incidents({
      sql: database,
      issues: {
        explain: async (_organization, versions, facts) =>
          issuesOf(facts).flatMap(({ knownIssueId, version, verdict }) =>
            versions.some(one => one.knownIssueId === knownIssueId && one.version === version)
              ? { knownIssueId, version, outcome: verdict, conditions: channelIssue.conditions }
              : [],
          ),
      },
      trustOf: organization => trust.state(organization),
    }),
    silence: new Silence(common),
    intake: new Intake({
      ...common,
      issues: { match: async (_organization, facts) => issuesOf(facts) },
      trust,
      approvals,
      scripts,
      copies,
      onlineKey,
    }),
    get now() {
      return now;
    },
    passMinutes(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    setIssues(change: (facts: Facts) => readonly IssueVerdict[]) {
      issuesOf = change;
    },
  };
}
export type TestFeatures = Awaited<ReturnType<typeof featuresOver>>;

/** Publishes a first trust document of these approvers. */
export async function publishTrust(features: TestFeatures, threshold = 1, keys: TestKey[] = [anna]) {
  const { keyId, publicKey } = features.onlineKey;
  const trust: TrustDocument = {
    ...exampleTrust,
    threshold,
    approvers: keys.map(key => approver(key)),
    onlineKey: { keyId, publicKey },
  };
  const [first, ...others] = keys;
  const sealed = others.reduce(signAlso, sealDocument(payloadTypes.trust, trust, first!.keyId, first!.sign));
  await features.trust.publish(organizationId, sealed, 'test');
  return { trust, sealed };
}

/** Keeps the script and has it approved by these keys. */
export async function approveScript(
  features: TestFeatures,
  { keys = [anna], sequence = 1, expiresInDays = 30, text = channelScript, risk = exampleApproval.risk } = {},
) {
  const script = await features.database.transaction(sql =>
    features.scripts.keep(sql, organizationId, {
      remediationId: 'crowdstrike-2024-07-19',
      text: Buffer.from(text),
      author: 'test',
    }),
  );
  const [first, ...others] = keys;
  const approval = {
    ...exampleApproval,
    risk,
    version: script.version,
    scriptSha256: script.sha256,
    sequence,
    approvedAt: features.now.toISOString(),
    expiresAt: new Date(features.now.getTime() + expiresInDays * 86_400_000).toISOString(),
  };
  const sealed = others.reduce(
    signAlso,
    sealDocument(payloadTypes.approval, approval, first!.keyId, first!.sign),
  );
  await features.approvals.add(organizationId, sealed, 'test');
  return { approval, sealed, script };
}

let devicesMade = 0;

/** Enrols a device of its own and gives it a voice. */
export async function enrolDevice(features: TestFeatures, kind: 'device' | 'image' = 'device') {
  const key = testKey('device', 100 + ++devicesMade);
  const token = await features.tokens.create({
    organizationId,
    actor: 'test',
    label: 'test',
    kind,
    uses: 1,
    expiresAt: new Date(features.now.getTime() + 3_600_000),
  });
  const { keyId } = await features.enrolment.enrol(organizationId, {
    version: 1,
    token,
    publicKey: key.publicKey,
    device: { name: `LAPTOP-${devicesMade}` },
  });
  const deviceId = keyId.split('/')[1]!;
  const signer = { organizationId, deviceId, number: 1 };
  return new TestDevice(features, signer, key, keyId);
}

const random128 = () => randomBytes(16).toString('hex');
const hashOf = (body: unknown) => createHash('sha256').update(JSON.stringify(body)).digest();

/** A device that says what the test wants, numbered as it should be. */
export class TestDevice {
  readonly features: TestFeatures;
  readonly signer: { organizationId: string; deviceId: string; number: number };
  readonly key: TestKey;
  readonly keyId: string;
  episode = random128();
  sequence = 0;

  constructor(features: TestFeatures, signer: TestDevice['signer'], key: TestKey, keyId: string) {
    this.features = features;
    this.signer = signer;
    this.key = key;
    this.keyId = keyId;
  }

  message(change: Partial<CheckIn> = {}): CheckIn {
    const { episode } = this;
    return { ...checkInExample, episode, sequence: ++this.sequence, nonce: random128(), ...change };
  }

  async checkIn(change: Partial<CheckIn> = {}): Promise<Answer> {
    return await this.say(this.message(change));
  }

  async say(message: CheckIn): Promise<Answer> {
    return checked(await this.features.intake.checkIn(this.signer, message, hashOf(message)));
  }

  async outcome(attemptId: string, state: string, change: object = {}): Promise<Answer> {
    const message = {
      version: 1,
      episode: this.episode,
      sequence: ++this.sequence,
      attemptId,
      state,
      steps: [],
      story: [],
      ...change,
    } as never;
    return checked(await this.features.intake.outcome(this.signer, message, hashOf(message)));
  }

  async booted(attemptId?: string, change: object = {}): Promise<Answer> {
    const message = {
      version: 1 as const,
      episode: this.episode,
      sequence: ++this.sequence,
      agentVersion: '0.1.0',
      ...(attemptId !== undefined && { attemptId }),
      ...change,
    };
    return checked(await this.features.intake.booted(this.signer, message, hashOf(message)));
  }

  newEpisode(): void {
    this.episode = random128();
    this.sequence = 0;
  }

  /** The incident as people see it. */
  async incident() {
    const { incidents } = await this.features.incidents.list(organizationId, {
      search: this.signer.deviceId,
    });
    return await this.features.incidents.get(organizationId, incidents[0]!.incidentId);
  }
}

function checked(answer: Answer): Answer {
  const parsed = parseAnswer(answer);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return answer;
}

/** The attempt that an answer orders, judged as the device judges it; throws when it is not an order. */
export function attemptOf(
  answer: Answer,
  device: TestDevice,
  message: CheckIn,
  trust: TrustDocument,
): string {
  const { decision } = answer;
  if (decision.kind !== 'remediate') throw new Error(`the answer is ${JSON.stringify(decision)}`);
  const opened = openOrder(
    decision.order,
    {
      trust,
      deviceId: device.signer.deviceId,
      episode: message.episode,
      nonce: message.nonce,
      scriptSha256: createHash('sha256').update(decision.script).digest('hex'),
      elapsedMs: 10,
    },
    verifyEd25519,
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.document.attemptId;
}
