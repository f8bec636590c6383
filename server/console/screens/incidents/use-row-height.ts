import { useMediaQuery } from '@mantine/hooks';

/** Rows have two lines where the page is narrow, else one. The heights stand in the style sheet's grid as well. */
export function useRowHeight(): number {
  const isNarrow = useMediaQuery('(max-width: 760px)', window.innerWidth <= 760, {
    getInitialValueInEffect: false,
  });
  return isNarrow ? 64 : 44;
}
