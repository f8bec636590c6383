import { useState } from 'react';

const keyOf = (name: string) => `bootmend-draft-${name}`;

/** A text that outlives the page: what somebody typed is there again after a reload or the end of a session. */
export function useDraft(name: string, stored: string) {
  const [draft, setDraft] = useState<string | undefined>(() => read(name));
  const text = draft ?? stored;
  return {
    text,
    isChanged: draft !== undefined && draft !== stored,
    change: (next: string) => {
      write(name, next === stored ? undefined : next);
      setDraft(next === stored ? undefined : next);
    },
    /** Back to what is stored. */
    discard: () => {
      write(name, undefined);
      setDraft(undefined);
    },
  };
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(keyOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(name: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(keyOf(name));
    else localStorage.setItem(keyOf(name), text);
  } catch {
    // A browser that keeps nothing keeps no drafts either.
  }
}
