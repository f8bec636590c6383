/** One keyboard shortcut: its keys, pressed one after the other, and what they do. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: () => void;
  /** Works on every screen, not only on this one. */
  readonly isEverywhere?: boolean;
}

/** A list of shortcuts that its owner may renew at any time. */
export interface ShortcutSource {
  readonly current: readonly Shortcut[];
}

const typing = 'input, textarea, select, [contenteditable="true"]';
const acting = 'a[href], button, [role="tab"], summary';
const pairWaitMs = 1200;

/** Whether a key press belongs to what has the focus and not to the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  // An editor in a shadow root is seen from outside as the element that holds it.
  const [inner] = event.composedPath();
  const target = inner instanceof Element ? inner : null;
  if (target?.closest(typing)) return true;
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return event.key === 'Enter' && Boolean(target?.closest(acting));
}

/** What the keyboard does here: each screen adds its own shortcuts while it is shown. */
export class ShortcutRegistry {
  readonly #sources = new Set<ShortcutSource>();
  #first: { readonly key: string; readonly atMs: number } | undefined;

  add(source: ShortcutSource): () => void {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  /** Everything that works now, each once, also where two of the same are shown. */
  list(): Shortcut[] {
    const all = [...this.#sources].flatMap(source => source.current);
    return all.filter(
      (one, index) => all.findIndex(other => other.keys.join(' ') === one.keys.join(' ')) === index,
    );
  }

  readonly handle = (event: KeyboardEvent): void => {
    if (isTaken(event)) return;
    const { key, timeStamp } = event;
    const first =
      this.#first !== undefined && timeStamp - this.#first.atMs < pairWaitMs ? this.#first.key : '';
    const all = this.list();
    const found =
      all.find(({ keys }) => keys.length === 2 && keys[0] === first && keys[1] === key) ??
      all.find(({ keys }) => keys.length === 1 && keys[0] === key);
    this.#first = found === undefined ? { key, atMs: timeStamp } : undefined;
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  };
}
