import type { HostTools, ToolResult } from './host.ts';

/** A host without programs, as a folder that stands for a machine. */
export const noTools: HostTools = {
  run: ({ tool }) => Promise.resolve(notHere(tool)),
  runProgram: ({ path }) => Promise.resolve(notHere(path)),
};

const notHere = (name: string): ToolResult => ({
  kind: 'failed',
  failure: { kind: 'permanent', code: 'tool-missing', message: `${name} is not here` },
});
