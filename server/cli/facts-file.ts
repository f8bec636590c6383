import { readTextFile } from './text-file.ts';

const maxFactsFileBytes = 1024 * 1024;

/** Reads a file of facts as the JSON object it holds; `parseFacts` says which of them are facts. */
export function readFactsFile(file: string) {
  const read = readTextFile(file, maxFactsFileBytes);
  if (!read.ok) return read;
  const value = parseObject(read.text);
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
