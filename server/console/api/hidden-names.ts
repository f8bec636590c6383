import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

const storageKey = 'bootmend-names';

/** Whether this person wants names of people and machines left out, as for a screenshot or a shared screen. */
export const areNamesHidden = (): boolean => localStorage.getItem(storageKey) === 'hidden';

/** The switch for it; everything is read again, so that no name stays on the page. */
export function useHiddenNames() {
  const queryClient = useQueryClient();
  const [isHidden, setHidden] = useState(areNamesHidden);
  return {
    isHidden,
    toggle: () => {
      if (isHidden) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, 'hidden');
      setHidden(!isHidden);
      for (const key of ['incidents', 'incidents-head', 'incident'])
        void queryClient.resetQueries({ queryKey: [key] });
    },
  };
}
