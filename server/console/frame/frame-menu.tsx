import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '../../../shared/api/session.ts';
import { useHiddenNames } from '../api/hidden-names.ts';
import { useSignOut } from '../api/session.ts';
import { type Density, densities, useDensity } from '../theme/density.ts';
import styles from './frame.module.css';

const schemes = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;
type Scheme = keyof typeof schemes;

interface FrameMenuProps {
  readonly session: Session;
  readonly onShowSheet: () => void;
}

/** Who is signed in, how the page looks, and the way out. */
export function FrameMenu({ session, onShowSheet }: FrameMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { density, setDensity } = useDensity();
  const names = useHiddenNames();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const leave = () => signOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/sign-in' }) });
  return (
    <Menu
      position="bottom-end"
      width={220}
      shadow="none"
      // inside of the banner, so that it belongs to a landmark
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <UnstyledButton className={styles.person} aria-label={`${session.name}, menu`}>
          <span>{session.name}</span>
          <svg viewBox="0 0 10 6" width="10" height="6" aria-hidden="true">
            <path d="m1 1 4 4 4-4" />
          </svg>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name}, {session.role}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={value => setColorScheme(value as Scheme)}>
          {(Object.keys(schemes) as Scheme[]).map(scheme => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick>
              {schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Rows</Menu.Label>
        <Menu.RadioGroup value={density} onChange={value => setDensity(value as Density)}>
          {(Object.keys(densities) as Density[]).map(one => (
            <Menu.RadioItem key={one} value={one} closeMenuOnClick>
              {densities[one]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem checked={names.isHidden} onChange={names.toggle} closeMenuOnClick>
          Hide names
        </Menu.CheckboxItem>
        <Menu.Item onClick={onShowSheet} rightSection={<kbd>?</kbd>}>
          Keyboard
        </Menu.Item>
        <Menu.Item onClick={leave}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
