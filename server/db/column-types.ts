import pg from 'pg';

const bigint: number = pg.types.builtins.INT8;

/** Reads a bigint as a number; one that a number cannot hold exactly is an error, not a wrong number. */
function numberOfBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}

/** The driver's readers of columns, with bigint as number. */
export const columnTypes = new pg.TypeOverrides();
columnTypes.setTypeParser(bigint, numberOfBigint);
