/** The ways by which machines get the agent, in order, with the word each shows. */
export const enrolWays = {
  hand: 'By hand',
  intune: 'Intune',
  policy: 'Group policy',
  wim: 'Recovery image',
  network: 'Stick or network start',
} as const;
export type EnrolWay = keyof typeof enrolWays;

/** What the address of the enrolment says. */
export interface EnrolSearch {
  readonly way?: EnrolWay;
}

/** Reads the address; what makes no sense is left out. */
export const parseEnrolSearch = ({ way }: Record<string, unknown>): EnrolSearch =>
  typeof way === 'string' && Object.hasOwn(enrolWays, way) ? { way: way as EnrolWay } : {};
