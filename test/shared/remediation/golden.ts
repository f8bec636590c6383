import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '../../../shared/remediation/diagnostic.ts';

const directory = path.join(import.meta.dirname, 'goldens');

/** Compares with the golden of that name. `BOOTMEND_UPDATE_GOLDENS=1` writes it anew, for a person to review. */
export function assertGolden(name: string, text: string): void {
  const file = path.join(directory, `${name}.txt`);
  if (process.env['BOOTMEND_UPDATE_GOLDENS'] === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing; BOOTMEND_UPDATE_GOLDENS=1 writes it`);
  assert.equal(text, readFileSync(file, 'utf8'));
}

const mostShown = 4;

/** A script with each mistake under the line it belongs to; unseen characters are shown, long stretches cut. */
export function showInPlace(text: string, diagnostics: readonly Diagnostic[]): string {
  const shown = text.split('\n').flatMap((line, index) => {
    const here = diagnostics.filter(diagnostic => diagnostic.line === index + 1);
    return here.length === 0 && index >= mostShown * 3
      ? []
      : [clip(visible(line)), ...here.slice(0, mostShown).flatMap(showDiagnostic)];
  });
  return `${shown.slice(0, 60).join('\n')}\n`;
}

function showDiagnostic({ code, column, length, message, fix }: Diagnostic): string[] {
  const caret = `${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, length))}`;
  return [
    clip(caret),
    `  ${code}: ${message}`,
    ...(fix ? [`  fix: ${fix.title} -> ${clip(visible(JSON.stringify(fix.text)))}`] : []),
  ];
}

const clip = (line: string) => (line.length <= 300 ? line : `${line.slice(0, 300)}[cut]`);
const visible = (line: string) =>
  line.replaceAll(/[\p{Cc}\p{Cf}]/gu, one => `<U+${one.codePointAt(0)!.toString(16).padStart(4, '0')}>`);
