import type { HostTools, ProgramRequest, ToolName, ToolRequest, ToolResult } from '../../host/host.ts';
import { bcdboot, bcdedit } from './boot-store.ts';
import { chkdsk } from './chkdsk.ts';
import { dism } from './dism.ts';
import { isLabProgram, labProgram } from './lab-program.ts';
import { type LabTool, nameBelow, readShape, type ToolBench } from './lab-tool.ts';
import { sfc } from './sfc.ts';

/** The tools that a lab machine has in its recovery environment. */
export const labTools: Readonly<Partial<Record<ToolName, LabTool>>> = { bcdboot, bcdedit, chkdsk, dism, sfc };

/**
 * What can go wrong with a run. `hangs`: it does its work and never ends. `lies`: it says that it succeeded and did
 * nothing. `dies`: it did its work, and how it ended is not known. `refuses`: it ends with this exit code at once.
 */
export type ToolTrouble = 'hangs' | 'lies' | 'dies' | { readonly refuses: number };

/** A tool of the recovery environment, or a program of the Windows volume. */
export type LabRun = ToolRequest | (ProgramRequest & { readonly tool?: never; readonly onLine?: never });

export interface LabToolsOptions {
  readonly bench: () => ToolBench;
  readonly troubleOf?: (request: LabRun) => ToolTrouble | undefined;
}

/** The programs of a lab machine's recovery environment, working on the files of its Windows drive. */
export const createLabTools = ({ bench, troubleOf }: LabToolsOptions): HostTools => ({
  run: request => Promise.resolve(runTool(request, bench(), troubleOf?.(request))),
  runProgram: request => Promise.resolve(runProgram(request, bench(), troubleOf?.(request))),
});

function runTool(request: ToolRequest, bench: ToolBench, trouble: ToolTrouble | undefined): ToolResult {
  const tool = labTools[request.tool];
  if (!tool) return failed('permanent', 'tool-missing', `${request.tool} is not here`);
  return runStandIn(tool, request, bench, trouble);
}

/** The lab has one program of a vendor; any other file is none that starts. */
function runProgram(request: ProgramRequest, bench: ToolBench, trouble: ToolTrouble | undefined): ToolResult {
  const name = nameBelow(bench, request.path);
  const bytes = name === undefined ? undefined : bench.volume.read(name);
  if (!bytes) return failed('permanent', 'tool-missing', `${request.path} is not here`);
  if (!isLabProgram(bytes))
    return failed('permanent', 'tool-not-started', `${request.path}: not a valid Win32 application`);
  return runStandIn(labProgram, request, bench, trouble);
}

function runStandIn(
  tool: LabTool,
  request: LabRun,
  bench: ToolBench,
  trouble: ToolTrouble | undefined,
): ToolResult {
  if (typeof trouble === 'object') return told(request, trouble.refuses, [`Error: ${trouble.refuses}`]);
  const read = readShape(tool, request.arguments);
  if (!read) return told(request, tool.unknown.exitCode, tool.unknown.lines);
  if (trouble === 'lies') return told(request, 0, ['The operation completed successfully.']);
  const { exitCode, lines } = tool.run(read.values, read.shape, bench);
  if (trouble === 'hangs') return { kind: 'timed-out', output: '', truncated: false };
  if (trouble === 'dies')
    return failed('ambiguous', 'tool-lost', `${request.tool ?? request.path} ended without an exit code`);
  return told(request, exitCode, lines);
}

function told({ onLine }: LabRun, exitCode: number, lines: readonly string[]): ToolResult {
  for (const line of lines) onLine?.(line);
  return { kind: 'ended', exitCode, output: lines.join('\n'), truncated: false };
}

const failed = (kind: 'permanent' | 'ambiguous', code: string, message: string): ToolResult => ({
  kind: 'failed',
  failure: { kind, code, message },
});
