/** An unsigned number as `0x` and lower-case hex digits without leading zeros: `0xfffff80671430000`, `0x0`. */
export const hexNumber = (value: bigint | number): string => `0x${value.toString(16)}`;
