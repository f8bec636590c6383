const longestWord = 24;

/** The one of `words` that was probably meant: the same but for case, or at most two letters away. */
export function findNearWord(given: string, words: readonly string[]): string | undefined {
  if (given.length > longestWord) return undefined;
  const lower = given.toLowerCase();
  const [best] = words
    .map(word => ({ word, distance: distanceOf(lower, word.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.min(2, Math.floor(best.word.length / 2)) ? best.word : undefined;
}

/** Letters to change, add, drop or swap with their neighbour. */
function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const [above, twoAbove] = [rows[i - 1]!, rows[i - 2]];
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap =
        twoAbove && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? twoAbove[j - 2]! + 1 : Infinity;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, change, swap));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
