// A list of choices under a field that keeps the focus has no element of its own in HTML.
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type SearchHit, searchEndpoints } from '../../../shared/api/search.ts';
import { areNamesHidden } from '../api/hidden-names.ts';
import { call } from '../api/call.ts';
import { Dialog } from '../parts/dialog.tsx';
import { fits } from '../parts/filter-field.tsx';
import { systemParts } from '../screens/system/system-places.ts';
import styles from './finder.module.css';
import { useShortcuts } from './shortcuts.tsx';

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly address: string;
}

const places: readonly Choice[] = [
  { key: 'now', title: 'Now', detail: 'Place', address: '/now' },
  { key: 'incidents', title: 'Incidents', detail: 'Place', address: '/incidents' },
  { key: 'known-issues', title: 'Known issues', detail: 'Place', address: '/known-issues' },
  { key: 'remediations', title: 'Remediations', detail: 'Place', address: '/remediations' },
  { key: 'devices', title: 'Devices', detail: 'Place', address: '/devices' },
  { key: 'system', title: 'System', detail: 'Place', address: '/system' },
];
/** What is offered besides once something is typed. */
const corners: readonly Choice[] = [
  { key: 'enrol', title: 'Enrol machines', detail: 'Devices', address: '/devices/enrol' },
  { key: 'new-issue', title: 'Write a known issue', detail: 'Known issues', address: '/known-issues/new' },
  { key: 'new-script', title: 'Write a script', detail: 'Remediations', address: '/remediations/new' },
  ...Object.entries(systemParts).map(([part, title]) => ({
    key: `system ${part}`,
    title,
    detail: 'System',
    address: `/system/${part}`,
  })),
];

const folders: Readonly<Record<SearchHit['kind'], string>> = {
  incident: 'incidents',
  device: 'devices',
  'known-issue': 'known-issues',
  remediation: 'remediations',
};

const kinds: Readonly<Record<SearchHit['kind'], string>> = {
  incident: 'Incident',
  device: 'Device',
  'known-issue': 'Known issue',
  remediation: 'Remediation',
};

/** The title of a hit without the name of a machine: an incident by its code, a device by the end of its id. */
function withoutName(kind: SearchHit['kind'], id: string, title: string): string {
  if (kind === 'incident') return `Machine ${title.slice(title.lastIndexOf(' ') + 1)}`;
  return kind === 'device' ? `Machine ${id.slice(-6)}` : title;
}

/** Opens with Ctrl+K from anywhere, also from inside a field. */
export function Finder() {
  const [isOpen, setOpen] = useState(false);
  useShortcuts([
    // Heard below, from inside a field, too.
    { keys: ['Ctrl', 'K'], does: 'Search everything', isEverywhere: true, run: () => setOpen(true) },
  ]);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
  return (
    <>
      <button type="button" className={styles.open} onClick={() => setOpen(true)}>
        <span className="sr-only">Search everything</span>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.4 7.9 3.1 3.1" />
        </svg>
        <kbd>Ctrl K</kbd>
      </button>
      <Dialog title="Search everything" opened={isOpen} onClose={() => setOpen(false)}>
        {isOpen && <Found onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Found({ onDone }: { readonly onDone: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [text] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => call(searchEndpoints.find, { query: { for: text.slice(0, 100) }, signal }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });
  const choices: Choice[] = [
    ...[...places, ...(text === '' ? [] : corners)].filter(({ title }) => fits(typed, title)),
    ...(text === '' ? [] : (found.data?.hits ?? [])).map(({ kind, id, title, detail }) => ({
      key: `${kind} ${id}`,
      title: areNamesHidden() ? withoutName(kind, id, title) : title,
      detail: detail === undefined ? kinds[kind] : `${kinds[kind]} · ${detail}`,
      address: `/${folders[kind]}/${encodeURIComponent(id)}`,
    })),
  ];
  const current = Math.min(chosen, Math.max(0, choices.length - 1));
  const open = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    onDone();
    router.history.push(choice.address);
  };
  return (
    <>
      <TextInput
        aria-label="Search everything"
        placeholder="Device, code, cause, driver, script"
        data-autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={choices.length === 0 ? undefined : `found-${current}`}
        value={typed}
        onChange={event => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={event => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setChosen((current + step + choices.length) % Math.max(1, choices.length));
          } else if (event.key === 'Enter') open(choices[current]);
        }}
      />
      <div id="found" role="listbox" aria-label="Found" className={styles.found}>
        {choices.map((choice, index) => (
          <div
            key={choice.key}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => open(choice)}
          >
            <b>{choice.title}</b>
            <span>{choice.detail}</span>
          </div>
        ))}
      </div>
      <output className={styles.none}>
        {found.error !== null
          ? 'The server does not answer; places can still be opened.'
          : text !== '' && choices.length === 0 && !found.isFetching
            ? `Nothing fits “${text}”.`
            : ''}
      </output>
    </>
  );
}
