/** What this agent is and the latest instant that had surely passed when it was made: the first time floor. */
export const agentBuild = {
  version: '0.1.0',
  builtAt: '2026-11-20T00:00:00.000Z',
} as const;
