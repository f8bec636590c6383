import { useMediaQuery } from '@mantine/hooks';
import { useDensity } from '../../theme/density.ts';

/** How high a row of a list is, in pixels, as the tokens say it for this width and density. */
export function useRowHeight(): number {
  // both are asked for so that a change of either reads the token anew
  useMediaQuery('(max-width: 760px)', window.innerWidth <= 760, { getInitialValueInEffect: false });
  useDensity();
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10);
}
