/** What is said of a range in which nothing lies. */
export const emptyRange =
  'Nothing lies in this range, or it has no end. Expected: from and until (which no longer counts), the smaller first, or one of them.';
