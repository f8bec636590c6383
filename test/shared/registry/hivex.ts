import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import type { Hive, KeyAtPath } from '../../../shared/registry/hive.ts';
import { decodeText, isText, valueTypes } from '../../../shared/registry/value-type.ts';
import { hivex } from '../../support/debian-packages.ts';

/** For the `skip` option of a test: false when hivex, our second opinion on hives, is here, else the reason. */
export const withoutHivex = existsSync(hivex.file) ? false : `needs ${hivex.name} (${hivex.file})`;

/** Whole bytes of a source. */
export const bytesOf = (source: ByteSource): Uint8Array => source.read(0, source.sizeBytes);

/** Runs a program over a hive in a folder of its own. */
export function withHiveFile<T>(bytes: Uint8Array, run: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-hive-'));
  try {
    const file = path.join(folder, 'hive');
    writeFileSync(file, bytes);
    return run(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What hivexsh prints for the values of keys, each after a line with its path. */
export function listWithHivex(bytes: Uint8Array, paths: readonly string[]): string {
  const script = paths.map(one => `cd \\${one}\ncd\nlsval\n`).join('');
  return withHiveFile(bytes, file => {
    const { stdout, stderr, status } = spawnSync('hivexsh', [file], { input: script, maxBuffer: 1 << 29 });
    if (status !== 0) throw new Error(`hivexsh: ${stderr.toString()}`);
    return stdout.toString();
  });
}

/** What hivexget prints for one value. */
export function getWithHivex(bytes: Uint8Array, key: string, name: string): string {
  return withHiveFile(bytes, file => {
    const { stdout, stderr, status } = spawnSync('hivexget', [file, key, name]);
    if (status !== 0) throw new Error(`hivexget: ${stderr.toString()}`);
    return stdout.toString();
  });
}

/** Names and times of all keys as hivexml tells them, parents first. */
export function keysWithHivex(bytes: Uint8Array): readonly string[] {
  return withHiveFile(bytes, file => {
    // It opens /dev/stdout by name, which works with a file and not with the socket that Node would give it.
    const xml = `${file}.xml`;
    const output = openSync(xml, 'w');
    const { stderr, status } = spawnSync('hivexml', [file], { stdio: ['ignore', output, 'pipe'] });
    closeSync(output);
    if (status !== 0) throw new Error(`hivexml: ${stderr.toString()}`);
    const nodes = readFileSync(xml, 'utf8').matchAll(
      /<node name="([^"]*)"[^>]*>(?:<mtime>([^<]*)<\/mtime>)?/g,
    );
    return Array.from(nodes, ([, name, time]) => `${unescaped(name!)} ${time ?? '-'}`);
  });
}

const unescaped = (xml: string): string =>
  xml
    .replaceAll(/&#x?([0-9A-Fa-f]+);/g, (all, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, all.includes('x') ? 16 : 10)),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** The same as `listWithHivex`, from our own reading. */
export function listLikeHivex(hive: Hive, keys: readonly KeyAtPath[]): string {
  const lines: string[] = [];
  for (const { path: one, key } of keys) {
    lines.push(`\\${one}`);
    for (const value of hive.values(key)) {
      const data = hive.dataOf(value);
      const name = value.name === '' ? '@' : escaped(value.name);
      lines.push(`"${name}"=${printed(value.type, data)}`);
    }
  }
  return lines.map(line => `${line}\n`).join('');
}

function printed(type: number, data: Uint8Array): string {
  if (isText(type)) {
    const text = `"${escaped(decodeText(data))}"`;
    return type === valueTypes.text ? text : `str(${type}):${text}`;
  }
  const view = new DataView(data.buffer);
  if (type === valueTypes.dword) return `dword:${view.getUint32(0, true).toString(16).padStart(8, '0')}`;
  if (type === valueTypes.dwordBigEndian) return `dword:${view.getUint32(0).toString(16).padStart(8, '0')}`;
  return `hex(${type}):${Array.from(data, byte => byte.toString(16).padStart(2, '0')).join(',')}`;
}

const escaped = (text: string): string => text.replaceAll(/["\\]/g, '\\$&');

/** Line by line, so that one difference in 20 MB of text can be read. */
export function assertSameLines(theirs: readonly string[], ours: readonly string[]): void {
  const at = theirs.findIndex((line, index) => line !== ours[index]);
  if (at >= 0) assert.equal(ours[at]?.slice(0, 400), theirs[at]!.slice(0, 400), `line ${at}`);
  assert.equal(ours.length, theirs.length);
}
