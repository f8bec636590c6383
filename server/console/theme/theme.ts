import { createTheme } from '@mantine/core';

/** What Mantine needs to know beyond the tokens: no shadows, no motion worth waiting for, no scroll lock styles. */
export const theme = createTheme({
  primaryColor: 'indigo',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Tooltip: {
      defaultProps: {
        openDelay: 250,
        transitionProps: { duration: 80 },
        events: { hover: true, focus: true, touch: true },
      },
    },
    // The scroll lock writes a style element, which the content security policy refuses.
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 80 }, centered: false } },
    Tabs: { defaultProps: { keepMounted: false } },
  },
});
