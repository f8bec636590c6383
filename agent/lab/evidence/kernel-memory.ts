import { writeContext } from './dump-header.ts';
import { type Mapping, type Paging, PhysicalMemory } from './physical-memory.ts';
import type { LabCrash, LabMemory, LabModule } from './triage-dump.ts';

// Written from the descriptions of the kernel's structures alone, as the triage builder is.

/** How the memory of a crashed lab machine lies. */
export interface KernelMemoryOptions {
  readonly paging?: Paging;
  /** How the first page of the kernel, which holds its headers, is mapped. */
  readonly kernelMapping?: Mapping;
  /** How the first pages of the other modules are mapped; `left-out` as for headers that nobody needs any more. */
  readonly imageMapping?: Mapping;
  /** Whether the block for debuggers is encoded, as in an image of memory that Windows did not write. */
  readonly encodesDebuggerData?: boolean;
  /** Whether the processors hold other registers than the header, as in real dumps of 0x7E. */
  readonly savesOtherRegisters?: boolean;
  /** Written last, over what the crash has put there. */
  readonly overwrite?: readonly LabMemory[];
  /** Distance of physical pages and the first of them. */
  readonly stride?: number;
  readonly firstPage?: number;
}

/** Memory, and the addresses that a header tells. */
export interface KernelMemory {
  readonly memory: PhysicalMemory;
  readonly loadedModuleList: bigint;
  readonly debuggerData: bigint;
}

interface Places {
  readonly list: bigint;
  readonly debuggerData: bigint;
  readonly pool: bigint;
  readonly processors: bigint;
}

const places64: Places = {
  list: 0xfffff78000e2a2f0n,
  debuggerData: 0xfffff78000e00b20n,
  pool: 0xffffe00200000000n,
  processors: 0xfffff78001000000n,
};
const places32: Places = {
  list: 0x9fe2a2f0n,
  debuggerData: 0x9fe00b20n,
  pool: 0xa0000000n,
  processors: 0x9fd00000n,
};

/** Lays a crash out in memory: drivers in the kernel's own list, processors, threads, the process and its stack. */
export function buildKernelMemory(crash: LabCrash, options: KernelMemoryOptions = {}): KernelMemory {
  const paging = options.paging ?? 'x64';
  const places = paging === 'x64' ? places64 : places32;
  const memory = new PhysicalMemory(paging, {
    ...(options.stride !== undefined && { stride: options.stride }),
    ...(options.firstPage !== undefined && { firstPage: options.firstPage }),
  });
  crash.modules.forEach((module, index) => {
    const mapping = index === 0 ? options.kernelMapping : options.imageMapping;
    memory.map(module.base, mapping ?? 'small');
    writeImage(memory, module);
  });
  writeModuleList(memory, places, crash.modules);
  const bytesPerWord = paging === 'x64' ? 8 : 4;
  memory.draw(crash.stackPointer, crash.stack.length * bytesPerWord, canvas =>
    crash.stack.forEach((word, index) =>
      paging === 'x64' ? canvas.u64(index * 8, word) : canvas.u32(index * 4, Number(word)),
    ),
  );
  for (const { address, bytes } of crash.memory ?? []) memory.write(address, bytes);
  if (paging === 'x64') {
    writeProcessors(memory, places, crash, options.savesOtherRegisters === true);
    writeDebuggerData(memory, places, crash, options.encodesDebuggerData === true);
  }
  for (const { address, bytes } of options.overwrite ?? []) memory.write(address, bytes);
  return { memory, loadedModuleList: places.list, debuggerData: places.debuggerData };
}

function writeImage(memory: PhysicalMemory, module: LabModule): void {
  memory.draw(module.base, 0x200, canvas => {
    canvas.ascii(0, 'MZ');
    canvas.u32(0x3c, 0xf8);
    canvas.ascii(0xf8, 'PE');
    canvas.u16(0xf8 + 4, memory.paging === 'x64' ? 0x8664 : 0x14c);
    canvas.u32(0xf8 + 8, module.timeDateStamp);
    canvas.u16(0xf8 + 24, memory.paging === 'x64' ? 0x20b : 0x10b);
    canvas.u32(0xf8 + 24 + 56, module.sizeBytes);
    canvas.u32(0xf8 + 24 + 64, module.checkSum ?? 0);
  });
}

/** Each entry lies in a page of its own, every other one across two pages, with its name on a page on its way out. */
function writeModuleList(
  memory: PhysicalMemory,
  { list, pool }: Places,
  modules: readonly LabModule[],
): void {
  const isWide = memory.paging === 'x64';
  const word = isWide ? 8 : 4;
  const entryOf = (index: number) =>
    index < 0 || index >= modules.length
      ? list
      : pool + BigInt(index * 0x4000 + (index % 2 === 0 ? 0x50 : 0xfc0));
  const links = (index: number, put: (at: number, value: bigint) => void) => {
    put(0, entryOf(index + 1));
    put(word, entryOf(index - 1));
  };
  memory.draw(list, word * 2, canvas => {
    const put = (at: number, value: bigint) =>
      isWide ? canvas.u64(at, value) : canvas.u32(at, Number(value));
    put(0, entryOf(0));
    put(word, entryOf(modules.length - 1));
  });
  modules.forEach((module, index) => {
    const name = pool + BigInt(index * 0x4000 + 0x2ff0 - (index % 3) * 0x800);
    memory.map(name, index % 3 === 1 ? 'transition' : 'small');
    memory.write(name, Buffer.from(module.path, 'utf16le'));
    memory.draw(entryOf(index), isWide ? 0xa0 : 0x50, canvas => {
      const put = (at: number, value: bigint) =>
        isWide ? canvas.u64(at, value) : canvas.u32(at, Number(value));
      const [base, size, full, short, sum] = isWide
        ? [0x30, 0x40, 0x48, 0x58, 0x78]
        : [0x18, 0x20, 0x24, 0x2c, 0x40];
      links(index, put);
      put(base, module.base);
      canvas.u32(size, module.sizeBytes);
      canvas.u16(full, module.path.length * 2);
      put(full + word, name);
      const shortLength = module.path.length - module.path.lastIndexOf('\\') - 1;
      canvas.u16(short, shortLength * 2);
      put(short + word, name + BigInt((module.path.length - shortLength) * 2));
      canvas.u32(sum, module.checkSum ?? 0);
      if (isWide) canvas.u32(0x9c, module.timeDateStamp);
    });
  });
}

const processorBytes = 0x10000n;
const offsets = { initialStack: 0x28, process: 0xb8, currentThread: 0x08, context: 0x85c0 };

/** The last processor is the one that stopped Windows; the others were doing something else. */
function writeProcessors(
  memory: PhysicalMemory,
  { processors }: Places,
  crash: LabCrash,
  savesOtherRegisters: boolean,
): void {
  for (let index = 0; index < crash.processors; index++) {
    const isLast = index === crash.processors - 1;
    const block = processors + BigInt(index + 1) * processorBytes;
    const [thread, process] = [block + 0x1000n, block + 0x2000n];
    const context = block + 0x4000n;
    memory.draw(processors + BigInt(index * 8), 8, canvas => canvas.u64(0, block));
    memory.draw(block + BigInt(offsets.currentThread), 8, canvas => canvas.u64(0, thread));
    memory.draw(block + BigInt(offsets.context), 8, canvas => canvas.u64(0, context));
    const stackPointer = isLast ? crash.stackPointer : crash.stackPointer - 0x100000n;
    const saved = savesOtherRegisters ? stackPointer - 0x1240n : stackPointer;
    memory.draw(context, 0x4d0, canvas => writeContext(canvas, 0, { ...crash, stackPointer: saved }));
    memory.draw(thread, 0x100, canvas => {
      canvas.u64(offsets.initialStack, stackPointer + BigInt(crash.stack.length * 8));
      canvas.u64(offsets.process, process);
    });
    memory.draw(process, 0xa40, canvas => canvas.ascii(0x5a8, isLast ? crash.process.slice(0, 14) : 'Idle'));
  }
}

function writeDebuggerData(
  memory: PhysicalMemory,
  { list, debuggerData, processors }: Places,
  crash: LabCrash,
  isEncoded: boolean,
): void {
  const [ringPointer, ringNext, ring] = [list + 0x20n, list + 0x28n, list + 0x1000n];
  const unloaded = crash.unloaded ?? [];
  memory.draw(ringPointer, 16, canvas => {
    canvas.u64(0, ring);
    canvas.u32(8, unloaded.length);
  });
  memory.draw(ring, 50 * 0x28, canvas =>
    unloaded.forEach((module, index) => {
      const name = ring + 0x1000n + BigInt(index * 0x100);
      memory.write(name, Buffer.from(module.name, 'utf16le'));
      canvas.u16(index * 0x28, module.name.length * 2);
      canvas.u64(index * 0x28 + 0x08, name);
      canvas.u64(index * 0x28 + 0x10, module.start);
      canvas.u64(index * 0x28 + 0x18, module.end);
    }),
  );
  memory.draw(debuggerData, 0x380, canvas => {
    canvas.ascii(0x10, isEncoded ? '\xc3\x15\x9a\x02' : 'KDBG');
    canvas.u32(0x14, 0x380);
    canvas.u64(0x18, crash.modules[0]?.base ?? 0n);
    canvas.u64(0x48, list);
    canvas.u64(0x218, processors);
    canvas.u64(0x220, ringPointer);
    canvas.u64(0x228, ringNext);
    canvas.u16(0x29e, offsets.initialStack);
    canvas.u16(0x2a0, offsets.process);
    canvas.u16(0x2a8, 0xa40);
    canvas.u16(0x2b4, offsets.currentThread);
    canvas.u16(0x338, offsets.context);
  });
}
