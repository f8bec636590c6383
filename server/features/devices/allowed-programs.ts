import { randomUUIDv7 } from 'node:crypto';
import type { AllowedProgramList } from '../../../shared/api/allowed-program.ts';
import { foldName } from '../../../shared/facts/glob.ts';
import { type AllowedProgram, mostPrograms } from '../../../shared/remediation/program-policy.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { AllowedProgramsStore, type StoredProgram, type ToldProgram } from './allowed-programs-store.ts';

type By = Pick<SignedIn, 'organizationId' | 'actor'>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const mostElsewhere = 50;

/**
 * The programs that bundles of new machines allow. It is a template: a machine takes the list of the bundle that its own
 * admin gives it, keeps it, and nothing that this server sends later changes it.
 */
export class AllowedPrograms {
  readonly #database: Sql & Transactions;
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { database: Sql & Transactions; audit: Audit; clock: () => Date }) {
    this.#database = parts.database;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /** The list with what machines allow, by what each last told. */
  async view(organizationId: string): Promise<AllowedProgramList> {
    const store = new AllowedProgramsStore(this.#database);
    const [stored, counted, told] = await Promise.all([
      store.list(organizationId),
      store.count(organizationId),
      store.listTold(organizationId),
    ]);
    const isListed = (one: ToldProgram) => stored.some(listed => isSame(listed, one));
    return {
      ...counted,
      programs: stored.map(one => ({
        ...one,
        addedAt: one.addedAt.toISOString(),
        allowing: told.find(other => isSame(other, one))?.machines ?? 0,
      })),
      elsewhere: told
        .filter(one => !isListed(one))
        .slice(0, mostElsewhere)
        .map(({ names, ...one }) => ({ ...one, names: [...names] })),
    };
  }

  /** The programs for a bundle; undefined when there is none. */
  async forBundle(organizationId: string): Promise<AllowedProgram[] | undefined> {
    const stored = await new AllowedProgramsStore(this.#database).list(organizationId);
    return stored.length === 0 ? undefined : stored.map(({ path, sha256 }) => ({ path, sha256 }));
  }

  async add({ organizationId, actor }: By, { path, sha256 }: AllowedProgram): Promise<AllowedProgramList> {
    const added = { programId: randomUUIDv7(), path, sha256, addedBy: actor, addedAt: this.#clock() };
    await this.#database.transaction(async sql => {
      const store = new AllowedProgramsStore(sql);
      if (!(await store.insert(organizationId, added)))
        throw new Refusal('name-taken', `${path} with this hash is on the list already.`);
      if ((await store.list(organizationId)).length > mostPrograms)
        throw new Refusal('list-full', `The list holds ${mostPrograms} programs. Take one off first.`);
      await this.#note(sql, { organizationId, actor }, 'program-allowed', added);
    });
    return await this.view(organizationId);
  }

  async remove({ organizationId, actor }: By, programId: string): Promise<AllowedProgramList> {
    await this.#database.transaction(async sql => {
      const store = new AllowedProgramsStore(sql);
      const removed = uuid.test(programId) ? await store.delete(organizationId, programId) : undefined;
      if (!removed) throw new Refusal('not-found', 'There is no such program on the list.');
      await this.#note(sql, { organizationId, actor }, 'program-disallowed', removed);
    });
    return await this.view(organizationId);
  }

  async #note(
    sql: Sql,
    by: By,
    action: 'program-allowed' | 'program-disallowed',
    { path, sha256 }: StoredProgram,
  ) {
    await this.#audit.append(sql, { ...by, action, subject: `program:${path}`, detail: { sha256 } });
  }
}

const isSame = (a: AllowedProgram, b: AllowedProgram) =>
  a.sha256 === b.sha256 && foldName(a.path) === foldName(b.path);
