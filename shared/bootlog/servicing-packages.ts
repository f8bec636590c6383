import type { ServicingLine } from './servicing-line.ts';
import type { PackageChange, ServicingPackage } from './servicing-log.ts';

const maxPackages = 500;
const maxChanges = 16;

/** Name, key of the publisher, architecture, language, version: parts of a package identity between tildes. */
const identity = String.raw`[\w.-]{1,128}~[0-9a-f]{16}~\w{0,16}~[\w-]{0,16}~[\d.]{1,32}`;
const planned = new RegExp(
  `^Plan: Package: (${identity}), current: (\\w+), .*?\\bapplicable: \\w+, targeted: (\\w+)`,
  'i',
);
const correct = new RegExp(
  `^Exec: Package: (${identity}) is already in the correct state, current: (\\w+), targeted: (\\w+)`,
  'i',
);
const current = new RegExp(`\\bpackage: (${identity}), package current state: (\\w+)`, 'i');
const cached = new RegExp(`\\bpackage: (${identity}), ApplicableState: ?\\d+, CurrentState: ?(\\d+)`, 'i');
const dismState = new RegExp(
  `\\bPackage (${identity}) with CBS state -?\\d+\\((?:CbsInstallState)?(\\w+)\\)`,
);
const processed = new RegExp(`^Exec: Processing (?:started|complete)\\b.*\\bPackage: (${identity})`, 'i');
const knowledgeBase = /(?:^|_)(KB\d{6,8})(?=[_~]|$)/i;

/** State numbers of the registry, as CBS.log shows what it has cached: the same as in the component store's keys. */
const numberedStates: Readonly<Record<string, string>> = {
  0: 'Absent',
  5: 'UninstallPending',
  16: 'Resolving',
  32: 'Resolved',
  48: 'Staging',
  64: 'Staged',
  80: 'Superseded',
  96: 'InstallPending',
  101: 'PartiallyInstalled',
  112: 'Installed',
  128: 'Permanent',
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
interface OpenPackage extends Writable<ServicingPackage> {
  changes: PackageChange[];
}

/** Collects what a servicing log tells of packages, the least lately named ones dropped first. */
export class ServicingPackages {
  readonly #packages = new Map<string, OpenPackage>();

  read({ text, atLocal, line }: ServicingLine, result: string | null): void {
    // Nearly all lines end here; the patterns below are dear.
    if (!text.includes('~')) return;
    const plan = planned.exec(text) ?? correct.exec(text);
    if (plan && !/, Update: /.test(text)) {
      this.#change(plan[1]!, { atLocal, state: plan[2]!, targetState: plan[3]!, line });
      return;
    }
    const told = current.exec(text) ?? dismState.exec(text);
    if (told) {
      this.#change(told[1]!, { atLocal, state: told[2]!, targetState: null, line });
      return;
    }
    const number = cached.exec(text);
    if (number) {
      const state = numberedStates[number[2]!] ?? number[2]!;
      this.#change(number[1]!, { atLocal, state, targetState: null, line });
      return;
    }
    const work = processed.exec(text)?.[1];
    if (work === undefined) return;
    const one = this.#package(work, line);
    one.result = result ?? one.result;
  }

  newestFirst(): ServicingPackage[] {
    return [...this.#packages.values()].reverse();
  }

  #change(name: string, change: PackageChange): void {
    const one = this.#package(name, change.line);
    const isNew = change.state !== one.state || (change.targetState ?? one.targetState) !== one.targetState;
    one.state = change.state;
    one.targetState = change.targetState ?? one.targetState;
    if (isNew && one.changes.length < maxChanges) one.changes.push(change);
  }

  /** A package moves to the end of the map whenever it is named. */
  #package(name: string, line: number): OpenPackage {
    const known = this.#packages.get(name);
    this.#packages.delete(name);
    const one: OpenPackage = known ?? {
      identity: name,
      knowledgeBase: knowledgeBase.exec(name)?.[1]?.toUpperCase() ?? null,
      state: null,
      targetState: null,
      result: null,
      changes: [],
      line,
    };
    one.line = line;
    this.#packages.set(name, one);
    const oldest = this.#packages.keys().next().value;
    if (this.#packages.size > maxPackages && oldest !== undefined) this.#packages.delete(oldest);
    return one;
  }
}
