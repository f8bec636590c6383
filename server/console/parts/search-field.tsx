import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../frame/shortcuts.tsx';
import styles from './place-list.module.css';

interface SearchFieldProps {
  /** What is searched: "incidents". */
  readonly what: string;
  /** What it looks at: "Device, code, cause". */
  readonly placeholder: string;
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

/** The search of a list: `/` goes there, Escape leaves it. */
export function SearchField({ what, placeholder, text, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const sent = useRef(text);
  const send = useDebouncedCallback((next: string) => {
    sent.current = next;
    onSearch(next);
  }, 200);
  // Follows the address when it changes by other means than typing here: back, a chip, a pasted link.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  useShortcuts([{ keys: ['/'], does: `Search ${what}`, run: () => field.current?.focus() }]);
  return (
    <TextInput
      ref={field}
      type="search"
      className={styles.search}
      aria-label={`Search ${what}`}
      placeholder={placeholder}
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value.trim());
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') field.current?.blur();
      }}
    />
  );
}
