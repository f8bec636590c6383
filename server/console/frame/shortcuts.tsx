import { Kbd } from '@mantine/core';
import { type ReactNode, createContext, use, useEffect, useRef, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { type Shortcut, ShortcutRegistry } from './shortcut-registry.ts';
import styles from './shortcuts.module.css';

const RegistryContext = createContext<ShortcutRegistry | undefined>(undefined);

/** Lets everything inside add shortcuts, and listens for them. */
export function Shortcuts({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(() => new ShortcutRegistry());
  useEffect(() => {
    window.addEventListener('keydown', registry.handle);
    return () => window.removeEventListener('keydown', registry.handle);
  }, [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

function useRegistry(): ShortcutRegistry {
  const registry = use(RegistryContext);
  if (registry === undefined) throw new Error('Shortcuts must stand around everything that uses them.');
  return registry;
}

/** Adds shortcuts for as long as the caller is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const registry = useRegistry();
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => registry.add(latest), [registry]);
}

interface ShortcutSheetProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The sheet of everything the keyboard does on this screen. */
export function ShortcutSheet({ opened, onClose }: ShortcutSheetProps) {
  const registry = useRegistry();
  const all = opened ? registry.list() : [];
  return (
    <Dialog title="Keyboard" opened={opened} onClose={onClose}>
      <ShortcutList name="On this screen" shortcuts={all.filter(one => one.isEverywhere !== true)} />
      <ShortcutList name="Everywhere" shortcuts={all.filter(one => one.isEverywhere === true)} />
    </Dialog>
  );
}

interface ShortcutListProps {
  readonly name: string;
  readonly shortcuts: readonly Shortcut[];
}

function ShortcutList({ name, shortcuts }: ShortcutListProps) {
  if (shortcuts.length === 0) return null;
  return (
    <section className={styles.group}>
      <h3>{name}</h3>
      <dl>
        {shortcuts.map(({ keys, does }) => (
          <div key={keys.join(' ')}>
            <dt>
              {keys.map(key => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
