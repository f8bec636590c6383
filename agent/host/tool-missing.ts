import type { ToolName, ToolResult } from './host.ts';

/** What a host answers that does not have a tool. */
export const toolMissing = (tool: ToolName): ToolResult => ({
  ok: false,
  failure: { kind: 'permanent', code: 'tool-missing', message: `${tool} is not on this machine` },
});
