/** Number of a bugcheck parameter. */
export type ParameterNumber = 1 | 2 | 3 | 4;

/**
 * Who can be named for a bugcheck. Only for `driver` a module is looked for; the others never blame one, because
 * their addresses point at whoever found the damage.
 */
export type Blame = 'driver' | 'hardware' | 'disk' | 'registry' | 'process' | 'system' | 'person';

/** What a bugcheck's parameters hold, as far as it helps to find the cause. */
export interface BugcheckKnowledge {
  readonly code: number;
  readonly name: string;
  /** One plain sentence for somebody who has never read a dump. */
  readonly sentence: string;
  readonly blame: Blame;
  /** Holds the address of the faulting instruction. */
  readonly instruction?: ParameterNumber;
  /** Holds another address inside of the driver to blame. */
  readonly driverAddress?: ParameterNumber;
  /** Holds the address of an exception record, of a context record or of a trap frame. */
  readonly exceptionRecord?: ParameterNumber;
  readonly contextRecord?: ParameterNumber;
  readonly trapFrame?: ParameterNumber;
  /** Holds the exception code, sign-extended. */
  readonly exceptionCode?: ParameterNumber;
  /** Holds what was tried: `irql` 0 read, 1 write, 2 or 8 execute; `page` 0 read, 1 or 2 write, 8 or 0x10 execute. */
  readonly operation?: { readonly parameter: ParameterNumber; readonly scale: 'irql' | 'page' };
  /** Holds the address of a request (IRP) that Windows waited for, when the bugcheck is of this kind. */
  readonly request?: { readonly parameter: ParameterNumber; readonly whenSubcode: bigint };
  /** Holds the first letters of a driver's service as a number. */
  readonly serviceName?: ParameterNumber;
  /** Tells kinds of this bugcheck apart and is equal on all machines. */
  readonly subcode?: ParameterNumber;
}

/** As most bugchecks for memory touched at raised priority have it. */
export const irqlParameters = { instruction: 4, operation: { parameter: 3, scale: 'irql' } } as const;
const exception = { exceptionCode: 1, instruction: 2, subcode: 1 } as const;
const verifier =
  'Driver Verifier, a test mode that somebody switched on, caught a driver breaking a rule of the kernel.';

/** Where the facts come from; wording, grouping and blame are ours. */
export const bugcheckSource =
  'Bug Check Code Reference and Kernel Live Dump Code Reference, MicrosoftDocs/windows-driver-docs';

/** Bugchecks with their meaning; what each parameter holds in words is told in `bugcheck-parameters.ts`. */
export const bugcheckTable: readonly BugcheckKnowledge[] = [
  {
    code: 0x0a,
    name: 'IRQL_NOT_LESS_OR_EQUAL',
    sentence:
      'Kernel code touched memory that must not be touched at that moment, mostly through a bad pointer.',
    blame: 'driver',
    ...irqlParameters,
  },
  {
    code: 0x18,
    name: 'REFERENCE_BY_POINTER',
    sentence: 'A driver released an object more often than it had taken it.',
    blame: 'driver',
  },
  {
    code: 0x19,
    name: 'BAD_POOL_HEADER',
    sentence: 'Kernel memory was overwritten: a driver wrote past the end of what it had been given.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x1a,
    name: 'MEMORY_MANAGEMENT',
    sentence: 'The tables of memory are damaged, mostly by faulty RAM.',
    blame: 'hardware',
    subcode: 1,
  },
  {
    code: 0x1e,
    name: 'KMODE_EXCEPTION_NOT_HANDLED',
    sentence: 'Kernel code made an error that nobody handled.',
    blame: 'driver',
    ...exception,
    operation: { parameter: 3, scale: 'page' },
  },
  {
    code: 0x24,
    name: 'NTFS_FILE_SYSTEM',
    sentence: 'The file system could not go on: the disk or its contents are damaged.',
    blame: 'disk',
    exceptionRecord: 2,
    contextRecord: 3,
  },
  {
    code: 0x3b,
    name: 'SYSTEM_SERVICE_EXCEPTION',
    sentence: 'A program asked the kernel for a service, and kernel code made an error in doing it.',
    blame: 'driver',
    ...exception,
    contextRecord: 3,
  },
  {
    code: 0x4a,
    name: 'IRQL_GT_ZERO_AT_SYSTEM_SERVICE',
    sentence: 'Kernel code went back to a program without giving up its raised priority.',
    blame: 'driver',
  },
  {
    code: 0x50,
    name: 'PAGE_FAULT_IN_NONPAGED_AREA',
    sentence: 'A driver touched kernel memory that does not exist.',
    blame: 'driver',
    instruction: 3,
    operation: { parameter: 2, scale: 'page' },
    subcode: 4,
  },
  {
    code: 0x51,
    name: 'REGISTRY_ERROR',
    sentence: 'A part of the registry is damaged.',
    blame: 'registry',
    subcode: 4,
  },
  {
    code: 0x67,
    name: 'CONFIG_INITIALIZATION_FAILED',
    sentence: 'Windows could not load its registry at start.',
    blame: 'registry',
    subcode: 3,
  },
  {
    code: 0x6b,
    name: 'PROCESS1_INITIALIZATION_FAILED',
    sentence: 'The first process of Windows could not start: a system file is missing or damaged.',
    blame: 'system',
    subcode: 1,
  },
  {
    code: 0x74,
    name: 'BAD_SYSTEM_CONFIG_INFO',
    sentence: 'The SYSTEM part of the registry is damaged or unreadable.',
    blame: 'registry',
    subcode: 4,
  },
  {
    code: 0x77,
    name: 'KERNEL_STACK_INPAGE_ERROR',
    sentence: 'Windows could not read its own data back from disk.',
    blame: 'disk',
    subcode: 2,
  },
  {
    code: 0x7a,
    name: 'KERNEL_DATA_INPAGE_ERROR',
    sentence: 'Windows could not read its own data back from disk.',
    blame: 'disk',
    subcode: 2,
  },
  {
    code: 0x7b,
    name: 'INACCESSIBLE_BOOT_DEVICE',
    sentence:
      'Windows lost the disk it starts from: its storage driver is missing or its start-up settings are wrong.',
    blame: 'disk',
  },
  {
    code: 0x7e,
    name: 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED',
    sentence: 'A driver made an error in a system thread that nobody handled.',
    blame: 'driver',
    ...exception,
    exceptionRecord: 3,
    contextRecord: 4,
  },
  {
    code: 0x7f,
    name: 'UNEXPECTED_KERNEL_MODE_TRAP',
    sentence:
      'The processor stopped kernel code that did something impossible, such as running out of stack.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x8e,
    name: 'KERNEL_MODE_EXCEPTION_NOT_HANDLED',
    sentence: 'Kernel code made an error that nobody handled.',
    blame: 'driver',
    ...exception,
    trapFrame: 3,
  },
  {
    code: 0x9f,
    name: 'DRIVER_POWER_STATE_FAILURE',
    sentence: 'A driver did not finish going to sleep or waking up.',
    blame: 'driver',
    subcode: 1,
    request: { parameter: 4, whenSubcode: 3n },
  },
  {
    code: 0xbe,
    name: 'ATTEMPTED_WRITE_TO_READONLY_MEMORY',
    sentence: 'A driver tried to write to memory that may only be read.',
    blame: 'driver',
  },
  {
    code: 0xc1,
    name: 'SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION',
    sentence: 'A driver wrote outside of the memory it had been given.',
    blame: 'driver',
    subcode: 4,
  },
  {
    code: 0xc2,
    name: 'BAD_POOL_CALLER',
    sentence: 'A driver asked for or gave back kernel memory in a wrong way.',
    blame: 'driver',
    subcode: 1,
  },
  { code: 0xc4, name: 'DRIVER_VERIFIER_DETECTED_VIOLATION', sentence: verifier, blame: 'driver', subcode: 1 },
  {
    code: 0xc5,
    name: 'DRIVER_CORRUPTED_EXPOOL',
    sentence: 'Kernel memory was overwritten by a driver that used memory it no longer had.',
    blame: 'driver',
    ...irqlParameters,
  },
  {
    code: 0xc9,
    name: 'DRIVER_VERIFIER_IOMANAGER_VIOLATION',
    sentence: verifier,
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0xce,
    name: 'DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS',
    sentence: 'A driver was unloaded while its work was still going on.',
    blame: 'driver',
    instruction: 3,
    driverAddress: 1,
  },
  {
    code: 0xd0,
    name: 'DRIVER_CORRUPTED_MMPOOL',
    sentence: 'Kernel memory was overwritten by a driver that used memory it no longer had.',
    blame: 'driver',
    ...irqlParameters,
  },
  {
    code: 0xd1,
    name: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL',
    sentence:
      'A driver touched memory that must not be touched at that moment, mostly through a bad pointer.',
    blame: 'driver',
    ...irqlParameters,
  },
  {
    code: 0xd5,
    name: 'DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL',
    sentence: 'A driver used memory that it had already given back.',
    blame: 'driver',
    instruction: 3,
    operation: { parameter: 2, scale: 'page' },
  },
  {
    code: 0xd6,
    name: 'DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION',
    sentence: 'A driver read or wrote past the end of what it had been given.',
    blame: 'driver',
    instruction: 3,
    operation: { parameter: 2, scale: 'page' },
  },
  {
    code: 0xe2,
    name: 'MANUALLY_INITIATED_CRASH',
    sentence: 'Somebody made Windows crash on purpose.',
    blame: 'person',
  },
  { code: 0xe6, name: 'DRIVER_VERIFIER_DMA_VIOLATION', sentence: verifier, blame: 'driver', subcode: 1 },
  {
    code: 0xea,
    name: 'THREAD_STUCK_IN_DEVICE_DRIVER',
    sentence: 'A driver, mostly the one for the display, kept a thread in an endless loop.',
    blame: 'driver',
  },
  {
    code: 0xed,
    name: 'UNMOUNTABLE_BOOT_VOLUME',
    sentence: 'Windows could not open the volume it starts from.',
    blame: 'disk',
    subcode: 2,
  },
  {
    code: 0xef,
    name: 'CRITICAL_PROCESS_DIED',
    sentence: 'A process that Windows cannot live without has ended.',
    blame: 'process',
    subcode: 2,
  },
  {
    code: 0xf4,
    name: 'CRITICAL_OBJECT_TERMINATION',
    sentence: 'A process or thread that Windows cannot live without has ended.',
    blame: 'process',
    subcode: 1,
  },
  {
    code: 0xf7,
    name: 'DRIVER_OVERRAN_STACK_BUFFER',
    sentence: 'A driver wrote past the end of a buffer on the stack.',
    blame: 'driver',
  },
  {
    code: 0xfc,
    name: 'ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY',
    sentence: 'A driver jumped to memory that holds no code.',
    blame: 'driver',
    instruction: 1,
  },
  {
    code: 0x101,
    name: 'CLOCK_WATCHDOG_TIMEOUT',
    sentence: 'A processor stopped answering: a matter of hardware, firmware or overclocking.',
    blame: 'hardware',
  },
  {
    code: 0x109,
    name: 'CRITICAL_STRUCTURE_CORRUPTION',
    sentence: 'Protected kernel code or data was changed, mostly by faulty RAM, rarely by a hidden driver.',
    blame: 'hardware',
    subcode: 4,
  },
  {
    code: 0x10d,
    name: 'WDF_VIOLATION',
    sentence: 'A driver broke a rule of the driver framework.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x116,
    name: 'VIDEO_TDR_FAILURE',
    sentence: 'The display driver hung and could not be restarted.',
    blame: 'driver',
    driverAddress: 2,
  },
  {
    code: 0x119,
    name: 'VIDEO_SCHEDULER_INTERNAL_ERROR',
    sentence: 'The display driver confused the scheduler of graphics work.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x120,
    name: 'BITLOCKER_FATAL_ERROR',
    sentence: 'Disk encryption met an error it cannot survive.',
    blame: 'disk',
    subcode: 1,
  },
  {
    code: 0x124,
    name: 'WHEA_UNCORRECTABLE_ERROR',
    sentence: 'The hardware itself reported an error: processor, memory, or a card.',
    blame: 'hardware',
    subcode: 1,
  },
  {
    code: 0x12b,
    name: 'FAULTY_HARDWARE_CORRUPTED_PAGE',
    sentence: 'A page of memory changed by itself: faulty RAM or disk.',
    blame: 'hardware',
  },
  {
    code: 0x133,
    name: 'DPC_WATCHDOG_VIOLATION',
    sentence: 'A driver kept a processor busy for too long.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x139,
    name: 'KERNEL_SECURITY_CHECK_FAILURE',
    sentence: 'A check of the kernel found damaged data, mostly a list that a driver had overwritten.',
    blame: 'driver',
    trapFrame: 2,
    exceptionRecord: 3,
    subcode: 1,
  },
  {
    code: 0x13a,
    name: 'KERNEL_MODE_HEAP_CORRUPTION',
    sentence: 'Kernel memory was overwritten: a driver wrote outside of what it had been given.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x144,
    name: 'BUGCODE_USB3_DRIVER',
    sentence: 'A USB device or its driver failed.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x14f,
    name: 'PDC_WATCHDOG_TIMEOUT',
    sentence: 'A part of Windows did not answer in time when the machine changed its power state.',
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x154,
    name: 'UNEXPECTED_STORE_EXCEPTION',
    sentence: 'Compressed memory could not be read back: faulty RAM or disk.',
    blame: 'hardware',
  },
  {
    code: 0x178,
    name: 'ELAM_DRIVER_DETECTED_FATAL_ERROR',
    sentence: "The security product's early driver stopped the start of Windows.",
    blame: 'driver',
    subcode: 1,
  },
  {
    code: 0x18b,
    name: 'SECURE_KERNEL_ERROR',
    sentence: 'The protected kernel failed, mostly because of firmware or memory.',
    blame: 'hardware',
  },
  {
    code: 0x1c7,
    name: 'STORE_DATA_STRUCTURE_CORRUPTION',
    sentence: 'Compressed memory is damaged: mostly faulty RAM.',
    blame: 'hardware',
    subcode: 1,
  },
  {
    code: 0x1c8,
    name: 'MANUALLY_INITIATED_POWER_BUTTON_HOLD',
    sentence: 'Somebody held the power button down, perhaps because Windows hung; this is not a crash.',
    blame: 'person',
  },
  {
    code: 0x1ca,
    name: 'SYNTHETIC_WATCHDOG_TIMEOUT',
    sentence: 'The whole machine stood still for too long: a matter of hardware or of the hypervisor.',
    blame: 'hardware',
  },
  {
    code: 0x1d5,
    name: 'DRIVER_PNP_WATCHDOG',
    sentence: 'A driver took too long to start or stop a device.',
    blame: 'driver',
    serviceName: 1,
  },
  {
    code: 0x20001,
    name: 'HYPERVISOR_ERROR',
    sentence: 'The hypervisor below Windows failed.',
    blame: 'hardware',
  },
  {
    code: 0xc0000218,
    name: 'STATUS_CANNOT_LOAD_REGISTRY_FILE',
    sentence: 'A file of the registry could not be loaded.',
    blame: 'registry',
  },
  {
    code: 0xc000021a,
    name: 'STATUS_SYSTEM_PROCESS_TERMINATED',
    sentence: 'A process that Windows cannot live without has ended, often after a half-done update.',
    blame: 'system',
    subcode: 2,
  },
  {
    code: 0xc0000221,
    name: 'STATUS_IMAGE_CHECKSUM_MISMATCH',
    sentence: 'A system file is damaged: its checksum is wrong.',
    blame: 'system',
  },
  {
    // "MATT", which the converters of MoonSols write where Windows has its code.
    code: 0x5454414d,
    name: 'MATT',
    sentence: 'A tool wrote the memory of a running Windows into this file; nothing crashed.',
    blame: 'person',
  },
  {
    code: 0xdeaddead,
    name: 'MANUALLY_INITIATED_CRASH1',
    sentence: 'Somebody made Windows crash on purpose.',
    blame: 'person',
  },
];
