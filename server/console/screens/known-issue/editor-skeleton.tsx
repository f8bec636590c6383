import { Skeleton } from '@mantine/core';

/** The size of an editor before it is read. */
export function EditorSkeleton() {
  return (
    <div aria-busy="true" aria-label="Reading">
      <Skeleton height={32} width="min(480px, 90%)" />
      <Skeleton height={16} mt={12} width="min(640px, 100%)" />
      <Skeleton height={420} mt={24} />
    </div>
  );
}
