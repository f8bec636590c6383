import type { EnrolmentBundle, NewBundle } from '../../../shared/api/enrolment.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { TrustKeeper } from '../trust/trust-keeper.ts';
import type { AllowedPrograms } from './allowed-programs.ts';
import type { EnrolmentTokens } from './enrolment-tokens.ts';

const dayMs = 24 * 60 * 60_000;

/** What every machine of this installation must know: whom to believe and where the server is. */
export type InstallationSettings = Omit<EnrolmentBundle, 'token'>;

/** Bundles with which machines enrol: a token, and everything the machine must know. */
export class EnrolmentBundles {
  readonly #trust: Pick<TrustKeeper, 'chainSince'>;
  readonly #tokens: EnrolmentTokens;
  readonly #programs: Pick<AllowedPrograms, 'forBundle'>;
  readonly #pin: string;
  readonly #clock: () => Date;

  constructor(parts: {
    trust: Pick<TrustKeeper, 'chainSince'>;
    tokens: EnrolmentTokens;
    programs: Pick<AllowedPrograms, 'forBundle'>;
    /** SHA-256 of the public key by which machines know the server. */
    pin: string;
    clock: () => Date;
  }) {
    this.#trust = parts.trust;
    this.#tokens = parts.tokens;
    this.#programs = parts.programs;
    this.#pin = parts.pin;
    this.#clock = parts.clock;
  }

  /** The settings for machines; undefined while there is no trust document. */
  async settings(
    organizationId: string,
    { servers, helpDesk, proxy }: Pick<NewBundle, 'helpDesk' | 'proxy'> & { servers: readonly string[] },
  ): Promise<InstallationSettings | undefined> {
    const [trust] = (await this.#trust.chainSince(organizationId, 0)).slice(-1);
    if (!trust) return undefined;
    const programs = await this.#programs.forBundle(organizationId);
    return {
      organization: organizationId,
      servers: [...servers],
      pins: [this.#pin],
      trust,
      ...(helpDesk !== undefined && { helpDesk }),
      ...(proxy !== undefined && { proxy }),
      ...(programs && { programs }),
    };
  }

  async canEnrol(organizationId: string): Promise<boolean> {
    return (await this.settings(organizationId, { servers: [] })) !== undefined;
  }

  /** Makes a token, and gives it with the settings, this one time. */
  async create(
    { organizationId, actor }: Pick<SignedIn, 'organizationId' | 'actor'>,
    { servers, kind, uses, days, helpDesk, proxy }: NewBundle,
  ): Promise<EnrolmentBundle> {
    const settings = await this.settings(organizationId, { servers, helpDesk, proxy });
    if (!settings)
      throw new Refusal(
        'trust-refused',
        'Machines need a trust document first: bootmend trust draft, sign, trust publish.',
      );
    const now = this.#clock();
    const token = await this.#tokens.create({
      organizationId,
      actor,
      label: `${kind} ${now.toISOString().slice(0, 10)}`,
      kind,
      uses,
      expiresAt: new Date(now.getTime() + days * dayMs),
    });
    return { ...settings, token };
  }
}
