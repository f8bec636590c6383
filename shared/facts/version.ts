const form = /^\d{1,9}(\.\d{1,9}){0,3}$/;

/** Whether the text is one to four numbers with dots between: `7.11`, `10.0.22631.3880`. */
export const isVersion = (text: string): boolean => form.test(text);

/** Compares versions number by number; a part that is not written counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < 4; i++) {
    const difference = Number(left[i] ?? 0) - Number(right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
