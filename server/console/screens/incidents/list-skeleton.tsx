import { Skeleton } from '@mantine/core';
import list from '../../parts/place-list.module.css';
import { useRowHeight } from './use-row-height.ts';

const widths = [62, 48, 70, 55, 66, 40, 58, 64, 50, 68];

/** Rows of the size that is coming. */
export function ListSkeleton() {
  const height = useRowHeight();
  return (
    <div aria-busy="true">
      <p className="sr-only">Reading the incidents</p>
      {widths.map(width => (
        <div key={width} className={list.row} style={{ height }}>
          <Skeleton height={12} width={`${width}%`} />
        </div>
      ))}
    </div>
  );
}
