import type { TrustDocument } from '../../shared/trust/documents.ts';
import { type Envelope, envelope, type Verify } from '../../shared/trust/envelope.ts';
import { openRecall } from '../../shared/trust/open-recall.ts';
import { followTrustChain, openFirstTrust } from '../../shared/trust/trust-chain.ts';
import type { Answer } from '../../shared/wire/answer.ts';
import type { Host } from '../host/host.ts';
import { agentBuild } from './agent-build.ts';
import { type DeviceRecord, deviceRecord, signerOfDevice } from './device-record.ts';
import { type EpisodeState, emptyState, type RecoveryState, recoveryState } from './recovery-state.ts';
import type { ServerSettings } from './server-client.ts';
import { readJsonFile, stateFolderOn, writeJsonFile } from './state-folder.ts';

/** Scripts that may not run. `unknown`: a newer list was seen once and is not at hand, so nothing may run. */
export type KnownRecall =
  | { readonly kind: 'known'; readonly version: number; readonly scripts: readonly string[] }
  | { readonly kind: 'unknown' };

export interface MemoryProblem {
  readonly code: 'not-enrolled' | 'state-damaged' | 'trust-not-believed' | 'trust-rolled-back';
  readonly message: string;
}

/** What the device remembers between starts, loaded from the Windows volume; every change is durable at once. */
export class DeviceMemory {
  readonly device: DeviceRecord;
  readonly #host: Host;
  readonly #root: string;
  #trust: TrustDocument;
  #recall: KnownRecall;
  #state: RecoveryState;

  private constructor(
    host: Host,
    root: string,
    device: DeviceRecord,
    trust: TrustDocument,
    state: RecoveryState,
  ) {
    this.device = device;
    this.#host = host;
    this.#root = root;
    this.#trust = trust;
    this.#state = state;
    this.#recall = this.#readRecall();
  }

  /** Loads what is remembered; what cannot be believed is a problem, never a guess. */
  static load(
    host: Host,
    root: string,
  ):
    | { readonly ok: true; readonly memory: DeviceMemory }
    | { readonly ok: false; readonly problem: MemoryProblem } {
    const folder = stateFolderOn(root);
    const device = readJsonFile(host, folder.device, deviceRecord);
    if (device.kind === 'damaged') return problem('state-damaged', 'device.json is damaged.');
    if (device.kind === 'absent' || device.value.state === 'enrolling')
      return problem('not-enrolled', 'This machine was never enrolled.');
    const state = readJsonFile(host, folder.state, recoveryState);
    if (state.kind === 'damaged') return problem('state-damaged', 'state.json is damaged.');
    const known = state.kind === 'value' ? state.value : emptyState;
    const sealed = readJsonFile(host, folder.trust, envelope);
    const trust = sealed.kind === 'value' ? openFirstTrust(sealed.value, host.curves.verify) : undefined;
    if (!trust?.ok) return problem('trust-not-believed', 'trust.json does not carry its own signatures.');
    if (trust.document.organization !== device.value.organization)
      return problem('trust-not-believed', 'trust.json is of another organization.');
    if (trust.document.version < known.trustVersion)
      return problem(
        'trust-rolled-back',
        `Version ${known.trustVersion} of the trust document was known already.`,
      );
    return { ok: true, memory: new DeviceMemory(host, root, device.value, trust.document, known) };
  }

  /** Whom to ask, and as whom. */
  get server(): ServerSettings {
    const { servers, proxy, keyId } = this.device;
    return {
      servers,
      pins: this.#trust.serverPins,
      proxy,
      keyId,
      sign: signerOfDevice(this.#host, this.device),
    };
  }

  /** Checks signatures as this machine does fastest. */
  get verify(): Verify {
    return this.#host.curves.verify;
  }

  get trust(): TrustDocument {
    return this.#trust;
  }

  get recall(): KnownRecall {
    return this.#recall;
  }

  get state(): RecoveryState {
    return this.#state;
  }

  /** The latest instant that has surely passed. The wall clock takes no part in it. */
  get timeFloorMs(): number {
    return Math.max(
      Date.parse(agentBuild.builtAt),
      Date.parse(this.#trust.issuedAt),
      this.#state.timeFloorMs,
    );
  }

  /** Replaces the state durably. */
  save(change: Partial<RecoveryState>): void {
    const next = { ...this.#state, ...change };
    writeJsonFile(this.#host, stateFolderOn(this.#root).state, next);
    this.#state = next;
  }

  /** Replaces the running episode durably. */
  saveEpisode(episode: EpisodeState): void {
    this.save({ episode });
  }

  /** Ends the running episode durably; the next one links to it. */
  closeEpisode(): void {
    const { episode, ...rest } = this.#state;
    const next = episode ? { ...rest, lastEpisode: episode.episode } : rest;
    writeJsonFile(this.#host, stateFolderOn(this.#root).state, next);
    this.#state = next;
  }

  /** Remembers an approval that was obeyed: its sequence and its time only rise. */
  saveObeyed(remediationId: string, sequence: number, approvedAt: string): void {
    const { sequencesObeyed, timeFloorMs } = this.#state;
    const highest = Math.max(sequence, this.sequenceObeyed(remediationId));
    this.save({
      sequencesObeyed: { ...sequencesObeyed, [remediationId]: highest },
      timeFloorMs: Math.max(timeFloorMs, Date.parse(approvedAt)),
    });
  }

  sequenceObeyed(remediationId: string): number {
    return Object.hasOwn(this.#state.sequencesObeyed, remediationId)
      ? (this.#state.sequencesObeyed[remediationId] ?? 0)
      : 0;
  }

  /** Takes trust updates and a newer recall list from an answer; gives the code of the first that is not believed. */
  takeNews({ trust: chain, recall }: Pick<Answer, 'trust' | 'recall'>): string | undefined {
    const folder = stateFolderOn(this.#root);
    const { trust, followed, problem } = followTrustChain(this.#trust, chain ?? [], this.#host.curves.verify);
    const newest = followed.at(-1);
    if (newest) {
      writeJsonFile(this.#host, folder.trust, newest);
      this.#trust = trust;
      this.save({ trustVersion: trust.version });
    }
    if (!recall) return problem;
    const atLeast = this.#recall.kind === 'known' ? this.#recall.version : this.#state.recallVersion - 1;
    const opened = openRecall(recall, this.#trust, atLeast, this.#host.curves.verify);
    if (!opened.ok) return opened.problem.code === 'version-not-newer' ? problem : opened.problem.code;
    writeJsonFile(this.#host, folder.recall, recall);
    const { version, scriptSha256s } = opened.document;
    this.#recall = { kind: 'known', version, scripts: scriptSha256s };
    this.save({ recallVersion: version });
    return problem;
  }

  #readRecall(): KnownRecall {
    const { recallVersion } = this.#state;
    const sealed = readJsonFile(this.#host, stateFolderOn(this.#root).recall, envelope);
    if (sealed.kind === 'absent' && recallVersion === 0) return { kind: 'known', version: 0, scripts: [] };
    const opened = sealed.kind === 'value' && this.#openStored(sealed.value, recallVersion);
    return opened
      ? { kind: 'known', version: opened.version, scripts: opened.scriptSha256s }
      : { kind: 'unknown' };
  }

  #openStored(sealed: Envelope, recallVersion: number) {
    const opened = openRecall(sealed, this.#trust, recallVersion - 1, this.#host.curves.verify);
    return opened.ok ? opened.document : undefined;
  }
}

const problem = (code: MemoryProblem['code'], message: string) =>
  ({ ok: false, problem: { code, message } }) as const;
