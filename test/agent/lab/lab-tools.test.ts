import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ToolName } from '../../../agent/host/host.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { readShape } from '../../../agent/lab/tools/lab-tool.ts';
import { createLabTools, labTools } from '../../../agent/lab/tools/lab-tools.ts';
import { memoryVolume } from '../support/memory-volume.ts';

/** Arguments that nearly have a shape: one too few, one too many, one misspelt, two in another order. */
const nearly = (shape: readonly string[]): readonly (readonly string[])[] => [
  [],
  shape.slice(0, -1),
  [...shape, '/quiet'],
  ...shape.flatMap((part, at) => (part.startsWith('/') ? [shape.with(at, part.replace('/', '/x'))] : [])),
  ...(shape.length > 1 ? [shape.toReversed()] : []),
];

describe('a stand-in knows the arguments of its table and no others', () => {
  for (const [name, tool] of Object.entries(labTools))
    test(`${name}: ${tool.source}`, async () => {
      const disk = new MemoryDisk();
      const bench = () => ({ volume: memoryVolume(disk), root: 'C:\\', now: new Date(0) });
      const tools = createLabTools({ bench });
      const before = disk.snapshot();
      for (const shape of tool.shapes)
        for (const words of nearly(shape)) {
          if (readShape(tool, words)) continue;
          const result = await tools.run({ tool: name as ToolName, arguments: words, timeoutMs: 1 });
          assert.equal(result.kind, 'ended');
          assert.deepEqual(
            [result.exitCode, result.output],
            [tool.unknown.exitCode, tool.unknown.lines.join('\n')],
            words.join(' '),
          );
        }
      assert.deepEqual(disk.snapshot(), before);
    });
});
