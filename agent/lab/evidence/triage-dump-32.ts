import { ByteCanvas } from './byte-canvas.ts';
import { writeDumpHeader32 } from './dump-header-32.ts';
import type { LabCrash } from './triage-dump.ts';

/** Builds a kernel triage dump of a 32-bit machine. */
export function buildTriageDump32(crash: LabCrash): Uint8Array {
  const canvas = new ByteCanvas();
  writeDumpHeader32(canvas, crash, { dumpType: 4 });
  canvas.reserve(0x68);
  const field = (at: number, value: number | bigint) => canvas.u32(0x1000 + at, Number(value));
  const unloaded = crash.unloaded ?? [];
  const gone = canvas.reserve(4 + unloaded.length * 40);
  canvas.u32(gone, unloaded.length);
  unloaded.forEach((module, index) => {
    const at = gone + 4 + index * 40;
    canvas.u16(at, Math.min(module.name.length, 12) * 2);
    canvas.utf16(at + 8, module.name.slice(0, 12));
    canvas.u32(at + 32, Number(module.start));
    canvas.u32(at + 36, Number(module.end));
  });
  field(0x18, gone);
  const process = canvas.reserve(0x260);
  canvas.ascii(process + 0x16c, crash.process.slice(0, 14));
  field(0x20, process);
  field(0x24, canvas.reserve(0x200));
  const stack = canvas.reserve(crash.stack.length * 4);
  crash.stack.forEach((word, index) => canvas.u32(stack + index * 4, Number(word)));
  field(0x28, stack);
  field(0x2c, crash.stack.length * 4);
  field(0x48, crash.stackPointer);

  const list = canvas.reserve(crash.modules.length * 0x4c);
  field(0x30, list);
  field(0x34, crash.modules.length);
  field(0x38, canvas.end);
  crash.modules.forEach((module, index) => {
    const name = canvas.reserve(4 + module.path.length * 2 + 2);
    canvas.u32(name, module.path.length);
    canvas.utf16(name + 4, module.path);
    canvas.align(8);
    const entry = list + index * 0x4c;
    canvas.u32(entry, name);
    canvas.u32(entry + 4 + 0x18, Number(module.base));
    canvas.u32(entry + 4 + 0x20, module.sizeBytes);
    canvas.u32(entry + 4 + 0x40, module.checkSum ?? 0);
    canvas.u32(entry + 4 + 0x44, module.timeDateStamp);
  });
  const memory = crash.memory ?? [];
  const table = canvas.reserve(memory.length * 12);
  memory.forEach(({ address, bytes }, index) => {
    canvas.u32(table + index * 12, Number(address));
    canvas.u32(table + index * 12 + 4, canvas.append(bytes));
    canvas.u32(table + index * 12 + 8, bytes.length);
  });
  field(0x60, table);
  field(0x64, memory.length);
  const end = canvas.align(8);
  canvas.ascii(end, 'TRGD');
  field(0x04, end + 4);
  field(0x08, end);
  return canvas.finish();
}
