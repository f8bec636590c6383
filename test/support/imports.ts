import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The repository's top folder. */
export const top = path.resolve(import.meta.dirname, '../..');

const rooms = ['agent', 'server', 'shared', 'test'];

/** Every TypeScript source of the rooms, as paths relative to the top folder with forward slashes. */
export function listSources(): string[] {
  return rooms
    .flatMap(room => readdirSync(path.join(top, room), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => path.relative(top, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(file => !file.includes('node_modules') && !file.includes('/dist/'));
}

/** One import of a source: `target` is a path relative to the top folder, or a package or `node:` name. */
export interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const pattern =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** The imports of one source, relative ones resolved. */
export function listImports(file: string): Import[] {
  const text = readFileSync(path.join(top, file), 'utf8');
  return [...text.matchAll(pattern)].map(match => {
    const name = match[2] ?? match[3] ?? '';
    const target = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
    return { from: file, target, typeOnly: match[1] !== undefined };
  });
}
