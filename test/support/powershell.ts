import { readFileSync } from 'node:fs';
import path from 'node:path';
import treeSitter, { type Parser } from '@vscode/tree-sitter-wasm';
import { top } from './imports.ts';

/** What a script in PowerShell holds, as the grammar reads it that editors colour it by. */
export interface PowerShellReading {
  readonly isWellFormed: boolean;
  /** Names of what it calls, without programs that a variable or an expression names. */
  readonly commands: readonly string[];
}

let made: Promise<Parser> | undefined;

/** Reads a script. The grammar takes more than PowerShell does: well-formed is no promise that it runs. */
export async function readPowerShell(script: string): Promise<PowerShellReading> {
  const parser = await (made ??= makeParser());
  const tree = parser.parse(script);
  if (!tree) throw new Error('The grammar gave no tree.');
  const { rootNode } = tree;
  const commands = rootNode.descendantsOfType('command_name').map(node => node?.text ?? '');
  const reading = { isWellFormed: !rootNode.hasError, commands: [...new Set(commands)] };
  tree.delete();
  return reading;
}

async function makeParser(): Promise<Parser> {
  await treeSitter.Parser.init();
  const grammar = path.join(top, 'node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(readFileSync(grammar)));
  return parser;
}
