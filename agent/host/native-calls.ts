/** What a directory says about one entry. */
export interface NativeEntry {
  readonly name: string;
  /** Bits of FILE_ATTRIBUTE_*. */
  readonly attributes: number;
  /** Tag of the reparse point; 0 without one. */
  readonly reparseTag: number;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** A drive letter and what the volume behind it says. */
export interface NativeVolume {
  readonly root: string;
  /** Value of GetDriveType: 2 removable, 3 fixed, 4 network, 5 optical, 6 RAM disk. */
  readonly driveType: number;
  /** Why the file system cannot be read; 0 when it can. */
  readonly windowsError: number;
  readonly label: string;
  readonly freeBytes: number;
}

/**
 * The calls of the C host in agent/runtime, in its words and without any decision. Paths are full ones of Windows, as
 * `\\?\C:\Windows`. A call that fails throws an Error with the Windows error code as `windowsError`.
 */
export interface NativeCalls {
  /** The command line's words after the program's name. */
  readonly arguments: readonly string[];

  /** Attributes of what a path leads to; undefined when absent. */
  fileAttributes(path: string): number | undefined;
  /** The entry itself, not what it links to; undefined when absent. */
  fileEntry(path: string): NativeEntry | undefined;
  /** Entries that match a pattern, `\\?\C:\Windows\*`, in the file system's order. */
  directoryEntries(pattern: string): readonly NativeEntry[];
  /** Names of a file's streams, `::$DATA` first. */
  fileStreams(path: string): readonly string[];
  fileRead(path: string, offset: number, lengthBytes: number): Uint8Array;
  /** SHA-256 of a whole file. */
  fileHash(path: string): Uint8Array;
  /** Nothing is left behind when the bytes cannot be written whole. */
  fileCreate(path: string, bytes: Uint8Array): void;
  fileAppend(path: string, bytes: Uint8Array): void;
  /** Flushes a file, or by `\\.\C:` a whole volume. */
  fileFlush(path: string): void;
  fileRename(from: string, to: string, replace: boolean): void;
  /** `to` is a native path, `\??\C:\…`. */
  fileLink(from: string, to: string): void;
  /** Removes a file or an empty directory. */
  fileRemove(path: string): void;
  /** Creates one directory that SYSTEM alone may open. */
  directoryCreate(path: string): void;

  volumes(): readonly NativeVolume[];
  /** The same of one volume by its root, with a letter or without, as `\\?\GLOBALROOT\Device\Harddisk0\Partition4\`. */
  volume(root: string): NativeVolume;
  /** `style` 0 MBR, 1 GPT; the partition's GUID as it lies on disk. The device is `\\.\C:`, or one by its native name. */
  volumePartition(device: string): {
    readonly style: number;
    readonly startBytes: number;
    readonly partitionId?: Uint8Array;
  };

  /** Names of the keys below a key of HKEY_LOCAL_MACHINE; undefined when it is absent. */
  registryKeys(key: string): readonly string[] | undefined;
  registryValue(key: string, name: string): { readonly type: number; readonly bytes: Uint8Array } | undefined;

  /** Starts a program, the first argument being its full path. One runs at a time. */
  processStart(commandLine: readonly string[]): void;
  /** The next piece of its output; `ended` once it ended and nothing is left to read. */
  processRead(): { readonly output: Uint8Array; readonly ended: boolean; readonly exitCode: number };
  /** Ends the program and all that it started. */
  processEnd(): void;
  /** Text that a program wrote in the console's code page. */
  consoleText(bytes: Uint8Array): string;

  /**
   * Sends the headers of a request over TLS, through a proxy unless that is empty; gives the server's certificate. The
   * body has not left yet. Where it `endsAtKey`, a key ends the exchange in any of its calls with ERROR_CANCELLED, and the
   * next `waitForKey` still finds it.
   */
  httpBegin(
    host: string,
    port: number,
    method: string,
    path: string,
    headers: string,
    bodyBytes: number,
    timeoutMs: number,
    proxy: string,
    endsAtKey: boolean,
  ): Uint8Array;
  httpSend(body: Uint8Array): void;
  /** Status line and headers as they came. */
  httpAnswer(): string;
  /** The next piece of the answer's body; empty at its end. */
  httpRead(): Uint8Array;
  httpEnd(): void;

  /** Addresses of interfaces that are up, 4 or 16 bytes each, without loopback. */
  networkAddresses(): readonly Uint8Array[];

  sha256(bytes: Uint8Array): Uint8Array;
  randomBytes(lengthBytes: number): Uint8Array;
  /** False for keys and signatures that are none, not written in the one way there is, or of small order. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  signEd25519(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  publicKeyEd25519(secretKey: Uint8Array): Uint8Array;
  /** Undefined for a public key that makes any secret the same. */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /** Deflated (RFC 1951, without a frame). */
  deflate(bytes: Uint8Array): Uint8Array;

  /** Takes the whole screen; undefined where the output is no console. */
  consoleOpen(): { readonly columns: number; readonly rows: number } | undefined;
  /** Draws every cell, row by row: one character and one colour attribute each. */
  consoleDraw(columns: number, rows: number, text: string, attributes: Uint8Array): void;
  writeOutput(text: string): void;
  writeError(text: string): void;
  /** The next bytes of the standard input; empty at its end. */
  readInput(maxBytes: number): Uint8Array;

  monotonicMs(): number;
  wallMs(): number;
  /** Processor time that this process used. */
  cpuMs(): number;
  /** True when a key was pressed before the time was over. */
  waitForKey(ms: number): boolean;
  /** Milliseconds from the start after which the parent process ends this one. */
  limitTotalTime(ms: number): void;

  /** The raw SMBIOS table; undefined when the firmware gives none. */
  firmwareTable(): Uint8Array | undefined;
  /** Fields of SYSTEM_POWER_STATUS. */
  powerStatus(): { readonly line: number; readonly batteryFlag: number; readonly batteryPercent: number };
  systemDirectory(): string;
  computerName(): string;
  programPath(): string;
  /** The most bytes that script and C held at a time. */
  memoryPeak(): number;
  exitProcess(code: number): never;
}

/** The Windows error code that a call failed with; undefined when something else was thrown. */
export function windowsErrorOf(error: unknown): number | undefined {
  return error instanceof Error && 'windowsError' in error && typeof error.windowsError === 'number'
    ? error.windowsError
    : undefined;
}
