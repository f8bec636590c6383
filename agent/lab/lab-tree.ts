import fs from 'node:fs';
import path from 'node:path';

/** A drive of a lab machine, built up file by file. */
export class LabTree {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Writes a file at a path below the drive, as `Windows\System32\hal.dll`, with its last write time. */
  write(name: string, bytes: Uint8Array, writtenAt: Date): void {
    const real = this.realPath(name);
    fs.mkdirSync(path.dirname(real), { recursive: true });
    fs.writeFileSync(real, bytes);
    fs.utimesSync(real, writtenAt, writtenAt);
  }

  read(name: string): Uint8Array | undefined {
    const real = this.realPath(name);
    return fs.existsSync(real) ? new Uint8Array(fs.readFileSync(real)) : undefined;
  }

  list(name: string): string[] {
    const real = this.realPath(name);
    return fs.existsSync(real) ? fs.readdirSync(real).sort() : [];
  }

  remove(name: string): void {
    fs.rmSync(this.realPath(name), { force: true });
  }

  realPath(name: string): string {
    return path.join(this.folder, ...name.split('\\'));
  }
}
