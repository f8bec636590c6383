import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { withFile } from './file-source.ts';

const maxFactsFileBytes = 1024 * 1024;

/** Reads a file of facts as the JSON object it holds; `parseFacts` says which of them are facts. */
export function readFactsFile(file: string) {
  const read = withFile(file, source => textOfUtf8(source.read(0, maxFactsFileBytes)).text);
  if (!read.ok) return read;
  if (read.problem) return { ok: false as const, problem: read.problem };
  const value = parseObject(read.value);
  if (value) return { ok: true as const, value };
  const message = `${file} holds no facts: expected a JSON object, as {"crash.code": "0x50"}`;
  return { ok: false as const, problem: { code: 'not-facts', message } };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
