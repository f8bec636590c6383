import { Button, CloseButton, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFilterChange, useSavedFilters } from '../../api/saved-filters.ts';
import { useShortcuts } from '../../frame/shortcuts.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { markWords } from '../../words/states.ts';
import { type IncidentsSearch, parseIncidentsSearch } from './incidents-search.ts';
import styles from './incidents.module.css';

/** The filters that a person keeps, each an address of its own, and the way to keep the one that is set now. */
export function SavedFilters({ search }: { readonly search: IncidentsSearch }) {
  const filters = useSavedFilters();
  const change = useFilterChange();
  const [name, setName] = useState<string>();
  const isNarrowed = search.state !== undefined || search.search !== undefined;
  const isHere = (one: IncidentsSearch) => one.state === search.state && one.search === search.search;
  const kept = (filters.data ?? []).map(filter => ({
    name: filter.name,
    search: parseIncidentsSearch(filter),
  }));
  const canSave = isNarrowed && !kept.some(one => isHere(one.search));
  const suggest = () =>
    [search.state === undefined ? '' : markWords[search.state], search.search ?? '']
      .filter(Boolean)
      .join(', ');
  const ask = () => {
    if (canSave) setName(suggest());
  };
  useShortcuts([{ keys: ['s'], does: 'Keep this filter', run: ask }]);
  if (kept.length === 0 && !canSave) return null;
  return (
    <div className={styles.saved}>
      {kept.length > 0 && (
        <nav aria-label="Kept filters">
          {kept.map(one => (
            <span key={one.name}>
              <Link
                to="/incidents"
                search={one.search}
                replace
                resetScroll={false}
                aria-current={isHere(one.search) ? 'true' : undefined}
                activeOptions={{ exact: true, explicitUndefined: true }}
                activeProps={{}}
              >
                {one.name}
              </Link>
              {isHere(one.search) && (
                <CloseButton
                  size="xs"
                  aria-label={`Forget the filter ${one.name}`}
                  onClick={() => change.mutate({ forget: one.name })}
                />
              )}
            </span>
          ))}
        </nav>
      )}
      {canSave && (
        <Button variant="subtle" size="compact-sm" onClick={ask}>
          Keep this filter
        </Button>
      )}
      <Dialog title="Keep this filter" opened={name !== undefined} onClose={() => setName(undefined)}>
        <form
          onSubmit={event => {
            event.preventDefault();
            const { state, search: text } = search;
            const save = {
              name: (name ?? '').trim(),
              ...(state !== undefined && { state }),
              ...(text !== undefined && { search: text }),
            };
            if (save.name !== '') change.mutate({ save }, { onSuccess: () => setName(undefined) });
          }}
        >
          <p>Only you see it here. Its address can be sent to anybody.</p>
          <TextInput
            mt={12}
            label="Name"
            data-autofocus
            maxLength={60}
            value={name ?? ''}
            onChange={event => setName(event.currentTarget.value)}
          />
          {change.error !== null && <p role="alert">{change.error.message}</p>}
          <Button type="submit" mt={16} loading={change.isPending} disabled={(name ?? '').trim() === ''}>
            Keep it
          </Button>
        </form>
      </Dialog>
    </div>
  );
}
