/** An instant as a person reads it, without a fraction of zero: `2024-07-19 04:09:00 UTC`. */
export const sayInstant = (instant: string): string =>
  `${instant.replace('T', ' ').replace(/(\.0+)?Z$/, '')} UTC`;
