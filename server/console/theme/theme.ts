import { createTheme } from '@mantine/core';

/** What Mantine needs to know beyond the tokens: no shadows, no motion worth waiting for, no scroll lock styles. */
export const theme = createTheme({
  primaryColor: 'indigo',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: {
        openDelay: 250,
        transitionProps: { duration: 80 },
        events: { hover: true, focus: true, touch: true },
      },
    },
    ModalRoot: { defaultProps: { transitionProps: { duration: 80 } } },
    Tabs: { defaultProps: { keepMounted: false } },
  },
});
