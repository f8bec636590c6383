/** Work that runs on a timer. It is repeated safely: the lease makes two runs at once unlikely, not impossible. */
export type TimedWork = (now: Date) => Promise<void>;

/** Everything the server does on a timer; the features bring the work. */
export interface TimedWorks {
  /** Attempts whose deadline passed without a booted Windows. */
  readonly failSilentDevices: TimedWork;
  /** Open incidents that were matched with other known issues than are in force. */
  readonly matchAgain: TimedWork;
  /** Ended incidents, by whole hours, so that lists need not count them again. */
  readonly countClosed: TimedWork;
  /** Changes of the counts of devices, one row for many. */
  readonly sumDeviceTally: TimedWork;
  /** Evidence older than it may be kept. */
  readonly expireEvidence: TimedWork;
  /** Sign-in links, browser sessions and leases that ended. */
  readonly forgetExpired: TimedWork;
}

export interface TimedJob {
  readonly name: string;
  /** When, as a cron expression in UTC. */
  readonly when: string;
  /** How long one run may take before another server may start it again. */
  readonly leaseSeconds: number;
  readonly work: TimedWork;
}

/** The one list of what runs when. */
export const scheduleOf = (works: TimedWorks): readonly TimedJob[] => [
  { name: 'fail-silent-devices', when: '* * * * *', leaseSeconds: 50, work: works.failSilentDevices },
  { name: 'match-again', when: '* * * * *', leaseSeconds: 50, work: works.matchAgain },
  { name: 'count-closed', when: '12 * * * *', leaseSeconds: 600, work: works.countClosed },
  { name: 'sum-device-tally', when: '42 * * * *', leaseSeconds: 600, work: works.sumDeviceTally },
  { name: 'expire-evidence', when: '17 3 * * *', leaseSeconds: 3600, work: works.expireEvidence },
  { name: 'forget-expired', when: '47 3 * * *', leaseSeconds: 3600, work: works.forgetExpired },
];
