/** How long an order may be obeyed, on the device's own clock, counted from its check-in. */
export const orderValidForSeconds = 900;
/** How long an issued order may stay without an outcome before the device counts as silent. */
const outcomeWithinMs = 30 * 60_000;
/** How long Windows may take to come up after the repair before the device counts as silent. */
const bootedWithinMs = 30 * 60_000;

export const outcomeDeadline = (now: Date): Date => new Date(now.getTime() + outcomeWithinMs);
export const bootedDeadline = (now: Date): Date => new Date(now.getTime() + bootedWithinMs);
