import { useEffect } from 'react';
import calm from '../marks/calm.svg';
import closed from '../marks/closed.svg';
import confirming from '../marks/confirming.svg';
import down from '../marks/down.svg';
import healed from '../marks/healed.svg';
import healing from '../marks/healing.svg';
import person from '../marks/person.svg';
import type { Mark } from '../words/states.ts';

const icons: Readonly<Record<Mark, string>> = { down, person, healing, confirming, healed, closed };

/** What the browser's tab says: the title, and the state as its icon. */
export function usePageHead(title: string, mark?: Mark): void {
  useEffect(() => {
    document.title = `${title} · Bootmend`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = mark === undefined ? calm : icons[mark];
  }, [title, mark]);
}
