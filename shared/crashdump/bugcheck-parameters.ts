type Meanings = readonly [string, string, string, string];

const touched = 'address that was touched';
const irql = 'priority (IRQL) at that moment';
const instruction = 'address of the instruction that did it';
const operation = '0 read, 1 write, 2 or 8 execute';
const pageOperation = '0 read, 1 or 2 write, 8 or 0x10 execute';
const exceptionCode = 'exception code';
const exceptionRecord = 'address of the exception record';
const contextRecord = 'address of the saved registers';
const trapFrame = 'address of the trap frame';
const kind = 'kind of violation';
const varies = 'depends on the kind';
const status = 'status code';

const irqlFault: Meanings = [touched, irql, operation, instruction];
const pageFault: Meanings = [touched, pageOperation, instruction, ''];
const byKind: Meanings = [kind, varies, varies, varies];

/** What parameters 1 to 4 of a bugcheck hold; the facts are those of `bugcheckSource`, the wording is ours. */
export const bugcheckParameters: ReadonlyMap<number, Meanings> = new Map<number, Meanings>([
  [0x0a, irqlFault],
  [0x18, ['type of the object', 'address of the object', '', '']],
  [0x19, byKind],
  [0x1a, byKind],
  [0x1e, [exceptionCode, instruction, 'first detail of the exception', 'second detail of the exception']],
  [0x24, ['place in the source of the file system', exceptionRecord, contextRecord, '']],
  [0x3b, [exceptionCode, instruction, contextRecord, '']],
  [0x3d, [exceptionRecord, contextRecord, '', '']],
  [0x4a, ['address of the system call', irql, '', '']],
  [
    0x50,
    [
      touched,
      pageOperation,
      instruction,
      '0 freed, 2 no page table, 3 session space, 4 impossible address, 0xf address of a program',
    ],
  ],
  [0x51, ['', '', 'address of the hive', 'result of the check of the hive']],
  [0x67, ['', 'place in the start of the registry', status, '']],
  [0x6b, [status, '', '', '']],
  [0x73, ['', status, 'number of the hive', 'address of the name of the hive']],
  [0x74, ['', '', '', status]],
  [0x77, ['kind, or status code', 'status of the read', varies, varies]],
  [
    0x7a,
    [
      'kind of lock, or page table entry',
      'status of the read',
      'details of the read',
      'address that was read',
    ],
  ],
  [0x7b, ['address of the device or of its name', '', '', '']],
  [0x7e, [exceptionCode, instruction, exceptionRecord, contextRecord]],
  [
    0x7f,
    ['0 division, 6 unknown instruction, 8 double fault, 0xc stack, 0xd protection', varies, varies, varies],
  ],
  [0x8e, [exceptionCode, instruction, trapFrame, '']],
  [
    0x9f,
    [
      '3: a request took too long; others: a rule was broken',
      'device',
      'block for triage',
      'request that is stuck',
    ],
  ],
  [0xbe, [touched, 'page table entry', '', '']],
  [0xc1, ['address in the special pool', 'address that was damaged', '', kind]],
  [0xc2, byKind],
  [0xc4, byKind],
  [0xc5, irqlFault],
  [0xc9, byKind],
  [0xcc, pageFault],
  [0xcd, pageFault],
  [0xce, [touched, operation, instruction, '']],
  [0xcf, pageFault],
  [0xd0, irqlFault],
  [0xd1, irqlFault],
  [0xd3, irqlFault],
  [0xd4, irqlFault],
  [0xd5, pageFault],
  [0xd6, pageFault],
  [0xe2, ['', '', '', '']],
  [0xe6, byKind],
  [0xea, ['thread that is stuck', 'watchdog', "address of the driver's name", '']],
  [0xed, ['device of the volume', 'reason of the file system', '', '']],
  [0xef, ['address of the process or thread', '0 process, 1 thread', '', '']],
  [0xf4, ['3 process, 6 thread', 'address of it', 'address of its name', 'address of a message']],
  [0xf7, ['value found', 'value expected', 'its complement', '']],
  [0xfc, ['address that was executed', 'page table entry', '', '']],
  [0x101, ['ticks waited', '', 'block of the processor that hangs', 'number of the processor that hangs']],
  [
    0x109,
    ['', '', '', '0 data, 1 code, 2 and 3 tables of the processor, 7 its registers, 0x19 list of modules, …'],
  ],
  [0x10d, [kind, varies, varies, '']],
  [0x116, ['state of the recovery', 'address inside the display driver', 'error', 'details']],
  [0x117, ['state of the recovery', 'address inside the display driver', 'key of the driver', 'details']],
  [0x119, byKind],
  [0x120, [kind, '', '', '']],
  [
    0x124,
    [
      '0 machine check, 3 NMI, 4 PCI Express, 7 start, …',
      'address of the error record',
      'upper half of the status of the error',
      'lower half of the status of the error',
    ],
  ],
  [0x12b, ['address that changed', 'page number', '', '']],
  [0x133, ['0 one routine took too long, 1 all of them together', 'ticks', 'limit or block for triage', '']],
  [0x135, [exceptionCode, contextRecord, "address of the driver's routine", '']],
  [0x139, ['2 stack, 3 list, 0x1d tree, …: what was found damaged', trapFrame, exceptionRecord, '']],
  [0x13a, ['3 to 5 header, 6 overrun, 7 underrun, 8 freed block, …', 'heap', 'address', '']],
  [0x144, byKind],
  [0x14f, ['component', 'type', '', '']],
  [0x151, [instruction, trapFrame, '', '']],
  [0x154, ['store', 'details of the exception', '', '']],
  [0x178, ['kind, given by Windows or the vendor', 'details', '', '']],
  [0x18b, ['', '', '', '']],
  [0x1c7, [kind, varies, varies, varies]],
  [0x1c8, ['milliseconds the button was held', 'block for triage', '', '']],
  [0x1ca, ['time since the last sign of life', 'time now', 'counter now', 'number of the clock processor']],
  [
    0x1d5,
    ['first letters of the service name, as a number', 'block for triage', 'thread', 'milliseconds waited'],
  ],
  [0x20001, ['', '', '', '']],
  [0xc0000218, ['address of the name of the hive', '', '', '']],
  [0xc000021a, ['address of a text', status, '', '']],
  [0xc0000221, ['', '', '', '']],
  [0x5454414d, ['filler of the tool', 'filler of the tool', 'filler of the tool', 'filler of the tool']],
  [0xdeaddead, ['', '', '', '']],
]);
