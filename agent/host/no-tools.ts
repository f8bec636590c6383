import type { HostTools } from './host.ts';

/** A host without programs, as a folder that stands for a machine. */
export const noTools: HostTools = {
  run: ({ tool }) =>
    Promise.resolve({
      kind: 'failed',
      failure: { kind: 'permanent', code: 'tool-missing', message: `${tool} is not here` },
    }),
};
