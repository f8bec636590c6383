import type { ByteSource } from '../bytes/byte-source.ts';
import { printable } from '../bytes/printable.ts';
import type { LogProblem } from './boot-log.ts';
import { maxLogBytes, readLogText } from './log-text.ts';
import type { PendingTransaction, PendingTransactionResult } from './pending-transaction.ts';
import { type XmlTag, xmlTagsOf } from './xml-tags.ts';

const maxPackages = 500;
const maxOperationNames = 64;
const maxTextLength = 256;

const packageIdentity = /[\w.-]{1,128}~[0-9a-f]{16}~\w{0,16}~[\w-]{0,16}~\d+(?:\.\d+){3}/i;
/** They mark places in the queue and change nothing. */
const queueMarks = new Set(['BeginTransaction', 'Checkpoint']);
const componentActions = new Set(['Install', 'Uninstall', 'Stage', 'Unstage', 'Pin', 'Unpin']);

/**
 * Reads the head of WinSxS\pending.xml: what servicing left for the next start. At most 4 MiB of the file are read, and
 * no entity is ever expanded. Never throws; a file without a PendingTransaction is a problem itself.
 */
export function readPendingTransaction(source: ByteSource): PendingTransactionResult {
  const isWhole = source.sizeBytes <= maxLogBytes;
  const { lines, problems: textProblems } = readLogText(
    source.read(0, Math.min(source.sizeBytes, maxLogBytes)),
  );
  // Where the document ends is told by its tags, not by its lines.
  const problems = textProblems.filter(one => one.code !== 'last-line-cut');
  const text = lines.join('\n');
  const lineAt = (at: number) => text.slice(0, at).split('\n').length;
  const reader = new TransactionReader();
  let isComplete = false;
  const found: LogProblem[] = isWhole ? [...problems] : problems.filter(one => one.code !== 'damaged-text');
  for (const tag of xmlTagsOf(text)) {
    if (tag.kind === 'declaration') {
      const message = 'a document type declaration stands here; servicing writes none, and none is read';
      found.push({ code: 'declaration-refused', message, line: lineAt(tag.at) });
    } else if (tag.kind === 'broken') {
      if (isWhole) {
        found.push({
          code: 'cut-off',
          message: 'a tag has no end; what stands before it is given',
          line: lineAt(tag.at),
        });
      }
    } else isComplete ||= reader.read(tag);
  }
  if (!reader.hasRoot) {
    const message = 'no <PendingTransaction> begins this file; this is no pending.xml of servicing';
    return { ok: false, problem: found.at(-1) ?? { code: 'not-a-pending-transaction', message, line: 1 } };
  }
  if (!isWhole) {
    const message = `only the first ${maxLogBytes} bytes are read; counts are at least so many`;
    found.push({ code: 'too-long', message });
  } else if (!isComplete && !found.some(one => one.code === 'cut-off')) {
    found.push({ code: 'cut-off', message: 'the transaction is not closed', line: lines.length });
  }
  const transaction = { ...reader.finish(), isWhole: isWhole && isComplete, problems: found };
  return { ok: true, transaction: { format: 'pending-transaction', ...transaction } };
}

class TransactionReader {
  hasRoot = false;
  readonly #packages = new Set<string>();
  readonly #operations = new Map<string, number>();
  readonly #actionsAfter: string[] = [];
  readonly #path: string[] = [];
  #root: ReadonlyMap<string, string> = new Map();
  #componentChanges = 0;
  #installerActions = 0;

  /** Takes the next tag and tells whether it closed the transaction. */
  read(tag: Extract<XmlTag, { kind: 'start' | 'end' }>): boolean {
    if (tag.kind === 'end') {
      this.#path.length = Math.max(this.#path.lastIndexOf(tag.name), 0);
      return this.hasRoot && tag.name === 'PendingTransaction';
    }
    if (tag.name === 'PendingTransaction' && this.#path.length === 0) {
      this.hasRoot = true;
      this.#root = tag.attributes;
    } else if (this.hasRoot) this.#readInside(tag);
    if (!tag.isEmpty && this.#path.length < maxOperationNames) this.#path.push(tag.name);
    return tag.isEmpty && tag.name === 'PendingTransaction';
  }

  finish(): Omit<PendingTransaction, 'format' | 'isWhole' | 'problems'> {
    const attribute = (name: string) => {
      const value = this.#root.get(name);
      return value === undefined ? null : printable(value.slice(0, maxTextLength));
    };
    const hasWork = this.#componentChanges + this.#installerActions + this.#operations.size > 0;
    return {
      identifier: attribute('Identifier'),
      version: attribute('Version'),
      servicingStackVersion: attribute('WcpVersion'),
      isPending: hasWork,
      packages: [...this.#packages],
      componentChanges: this.#componentChanges,
      operations: Object.fromEntries(this.#operations),
      actionsAfter: this.#actionsAfter,
    };
  }

  #readInside({ name, attributes }: Extract<XmlTag, { kind: 'start' }>): void {
    const parent = this.#path.at(-1);
    if (name === 'POQ') {
      const after = attributes.get('postAction');
      if (after !== undefined && this.#actionsAfter.length < 8) {
        this.#actionsAfter.push(printable(after.slice(0, maxTextLength)));
      }
    } else if (parent === 'POQ') {
      if (!queueMarks.has(name)) this.#count(name);
    } else if (parent === 'Transaction') {
      if (componentActions.has(name)) this.#componentChanges++;
      this.#findPackage(attributes);
    } else if (parent === 'InstallerQueue') this.#installerActions++;
  }

  /** Which attribute names the package is described nowhere; its form is clear enough to be found in any. */
  #findPackage(attributes: ReadonlyMap<string, string>): void {
    for (const value of attributes.values()) {
      const found = packageIdentity.exec(value.slice(0, 2 * maxTextLength))?.[0];
      if (found !== undefined && this.#packages.size < maxPackages) this.#packages.add(found);
    }
  }

  #count(name: string): void {
    const known = this.#operations.get(name);
    if (known === undefined && this.#operations.size >= maxOperationNames) return;
    this.#operations.set(name, (known ?? 0) + 1);
  }
}
