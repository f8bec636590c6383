import type { HostFiles, HostTools, ImagePlace, ToolRequest, ToolResult } from '../../host/host.ts';
import { noTools } from '../../host/no-tools.ts';
import { startFailureOf } from '../../host/winre-tools.ts';

/** A third-party driver package of the lab machine. */
export interface LabPackage {
  readonly published: string;
  readonly className: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** What outlives a process; tasks are XML by name. */
export interface LabRecoveryState {
  readonly onPartition: Uint8Array | undefined;
  readonly trusted: Uint8Array | undefined;
  readonly tasks: ReadonlyMap<string, string>;
  readonly settings: string | undefined;
}

export interface LabRecoveryOptions {
  /** Files in winre.wim by path. */
  readonly image: Readonly<Record<string, Uint8Array>>;
  /** How an earlier process left it; an image that nobody touched unless told. */
  readonly state?: LabRecoveryState;
  readonly packages?: readonly LabPackage[];
  /** Whether this build knows `reagentc /mountre`. */
  readonly hasMountRe?: boolean;
  /** What the recovery partition takes, in bytes; `/enable` fails above it. */
  readonly partitionBytes?: number;
  /** Numbers in the registry by key and name; Windows without S mode and Smart App Control unless told. */
  readonly registry?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * What becomes of programs that are not of Windows: they start unless told. `refuses`: a policy does not allow them;
   * `takes-away`: a virus scanner does; `hangs`: they do not end.
   */
  readonly programs?: 'refuses' | 'takes-away' | 'hangs';
  /** Runs before each call and may answer in its place, as a tool that fails or hangs. */
  readonly before?: (request: ToolRequest) => ToolResult | undefined;
}

const policyKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CI\\Policy';
const staged = 'C:\\Windows\\System32\\Recovery\\Winre.wim';
const configuration = 'C:\\Windows\\System32\\Recovery\\ReAgent.xml';
const pack = (files: ReadonlyMap<string, Uint8Array>) =>
  Buffer.from(
    JSON.stringify([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])),
  );
const unpack = (wim: Uint8Array) =>
  new Map(
    (JSON.parse(Buffer.from(wim).toString()) as [string, string][]).map(([name, text]) => [
      name,
      new Uint8Array(Buffer.from(text, 'base64')),
    ]),
  );

/**
 * reagentc, dism, pnputil, reg and schtasks of a Windows with WinRE, over the files of its drive. An image is a list of
 * files; the recovery partition has no letter, so nobody sees it but reagentc. They take only the arguments that
 * Microsoft's pages name; everything else is noted in `mistakes` and fails.
 */
export class LabRecoveryTools {
  readonly mistakes: string[] = [];
  readonly runs: string[] = [];
  readonly tasks = new Map<string, string>();
  /** Starts of WinRE that were asked for. */
  bootToRe = 0;
  /** The image on the recovery partition; undefined while WinRE is off. */
  onPartition: Uint8Array | undefined;
  /** What BitLocker trusts: noted by `/enable` alone. */
  trusted: Uint8Array | undefined;
  readonly #options: LabRecoveryOptions;
  readonly #files: () => HostFiles;
  #mounted: { folder: string; by: 'reagentc' | 'dism'; readOnly: boolean } | undefined;
  settings: string | undefined;

  constructor(options: LabRecoveryOptions, files: () => HostFiles) {
    this.#options = options;
    this.#files = files;
    const { state } = options;
    this.onPartition = state
      ? state.onPartition
      : new Uint8Array(pack(new Map(Object.entries(options.image))));
    this.trusted = state ? state.trusted : this.onPartition;
    this.settings = state?.settings;
    for (const [name, xml] of state?.tasks ?? []) this.tasks.set(name, xml);
  }

  get state(): LabRecoveryState {
    const { onPartition, trusted, tasks, settings } = this;
    return { onPartition, trusted, tasks, settings };
  }

  /** Writes what Windows notes about WinRE; call it once the files are there. */
  install(): void {
    this.#files().makeDirectory('C:\\Windows\\System32\\Recovery');
    this.#note();
  }

  /** The files in the image that would start now, by lower-case path. */
  imageFiles(): ReadonlyMap<string, Uint8Array> {
    const files = this.onPartition ? [...unpack(this.onPartition)] : [];
    return new Map(files.map(([name, bytes]) => [name.toLowerCase(), bytes]));
  }

  readonly tools: HostTools = {
    ...noTools,
    run: async request => this.#run(request),
    runProgram: async ({ path }) => {
      this.runs.push(path);
      if (this.#options.programs === 'takes-away') this.#files().remove(path);
      if (this.#files().find(path)?.kind !== 'file') return notStarted(path, 2);
      if (this.#options.programs === 'refuses') return notStarted(path, 4551);
      if (this.#options.programs === 'hangs') return { kind: 'timed-out', output: '', truncated: false };
      return ended(40);
    },
  };

  /** The room on the recovery partition, beside the image that lies there. */
  imagePlace(): ImagePlace | undefined {
    const { partitionBytes } = this.#options;
    if (!this.onPartition || partitionBytes === undefined) return undefined;
    const imageBytes = this.onPartition.length;
    return { imageBytes, freeBytes: partitionBytes - imageBytes };
  }

  #run(request: ToolRequest): ToolResult {
    const { tool, arguments: args } = request;
    this.runs.push([tool, ...args].join(' '));
    const before = this.#options.before?.(request);
    if (before) return before;
    const lower = args.map(one => one.toLowerCase());
    if (tool === 'reagentc') return this.#reagentc(request, lower);
    if (tool === 'dism') return this.#dism(request, lower);
    if (tool === 'schtasks') return this.#schtasks(request, lower);
    if (tool === 'pnputil' && lower[0] === '/export-driver' && args.length === 3) {
      const found = this.#options.packages?.find(one => one.published === lower[1]);
      if (!found) return ended(2);
      for (const [name, bytes] of Object.entries(found.files))
        this.#files().create(`${args[2]}\\${name}`, bytes);
      return ended(0);
    }
    if (tool === 'reg' && lower[0] === 'query' && args.length === 2) return this.#query(args[1]!);
    return this.#mistake(request);
  }

  /** Keys, names and types are the same in every language. */
  #query(key: string): ToolResult {
    const plain = { [policyKey]: { SkuPolicyRequired: 0, VerifiedAndReputablePolicyState: 0 } };
    const numbers = { ...plain, ...this.#options.registry }[key];
    if (!numbers) return ended(1);
    const path = key.replace(/^HKLM/, 'HKEY_LOCAL_MACHINE');
    const lines = Object.entries(numbers).map(
      ([name, value]) => `    ${name}    REG_DWORD    0x${value.toString(16)}`,
    );
    return ended(0, ['', path, ...lines, ''].join('\r\n'));
  }

  #reagentc(request: ToolRequest, lower: readonly string[]): ToolResult {
    const [verb, , folder] = request.arguments;
    switch (lower.join(' ').replace(folder?.toLowerCase() ?? '\0', 'DIR')) {
      case '/enable': {
        if (this.onPartition) return ended(0);
        if (this.#files().find(staged)?.kind !== 'file') return ended(1);
        const image = this.#read(staged);
        if (image.length > (this.#options.partitionBytes ?? Infinity)) return ended(112);
        this.#files().remove(staged);
        this.onPartition = image;
        this.trusted = image;
        this.#note();
        return ended(0);
      }
      case '/disable': {
        if (!this.onPartition) return ended(2);
        if (this.#files().find(staged)) this.#files().remove(staged);
        this.#files().create(staged, this.onPartition);
        this.onPartition = undefined;
        this.#note();
        return ended(0);
      }
      case '/info': {
        const place = this.onPartition
          ? '\\\\?\\GLOBALROOT\\device\\harddisk0\\partition4\\Recovery\\WindowsRE'
          : '';
        const status = this.onPartition ? 'Enabled' : 'Disabled';
        return ended(
          0,
          `    Windows RE-Status:       ${status}\r\n    Windows RE-Speicherort:  ${place}\r\n`,
        );
      }
      case '/boottore':
        this.bootToRe++;
        return ended(this.onPartition ? 0 : 1);
      case '/getrecoverysettings':
        return ended(0, `${this.settings ?? ''}\r\nREAGENTC.EXE: Der Vorgang war erfolgreich.\r\n`);
      case '/setrecoverysettings /path DIR':
        if (this.#files().find(folder!)?.kind !== 'file') return ended(2);
        this.settings = Buffer.from(this.#read(folder!)).toString();
        return ended(0);
      case '/mountre /path DIR':
        if (this.#options.hasMountRe === false) return ended(87);
        if (!this.onPartition || this.#mounted) return ended(1);
        this.#unpackTo(this.onPartition, folder!);
        this.#mounted = { folder: folder!, by: 'reagentc', readOnly: false };
        return ended(0);
      case '/unmountre /path DIR /commit':
      case '/unmountre /path DIR /discard':
        if (this.#mounted?.folder !== folder || this.#mounted?.by !== 'reagentc') return ended(1);
        if (lower.at(-1) === '/commit') this.onPartition = this.#packFrom(folder!);
        this.#clear(folder!);
        this.#mounted = undefined;
        return ended(0);
      default:
        return verb === '/mountre' && this.#options.hasMountRe === false ? ended(87) : this.#mistake(request);
    }
  }

  #dism(request: ToolRequest, lower: readonly string[]): ToolResult {
    const { arguments: args } = request;
    if (lower.join(' ') === '/english /online /get-drivers') return ended(0, this.#driverList());
    const value = (name: string) =>
      args.find(one => one.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
    const mount = value('/mountdir');
    if (lower[0] === '/mount-image' && value('/imagefile') === staged && value('/index') === '1' && mount) {
      if (this.#mounted || this.#files().find(staged)?.kind !== 'file') return ended(-1052638953);
      this.#unpackTo(this.#read(staged), mount);
      this.#mounted = { folder: mount, by: 'dism', readOnly: lower.includes('/readonly') };
      return ended(0);
    }
    if (lower[0] === '/unmount-image' && mount && args.length === 3) {
      const [commits, discards] = [lower[2] === '/commit', lower[2] === '/discard'];
      if (!commits && !discards) return this.#mistake(request);
      if (this.#mounted?.folder !== mount || (commits && this.#mounted.readOnly)) return ended(-1052638937);
      if (commits && this.#mounted.by === 'dism') {
        const image = this.#packFrom(mount);
        this.#files().remove(staged);
        this.#files().create(staged, image);
      }
      this.#clear(mount);
      this.#mounted = undefined;
      return ended(0);
    }
    const image = value('/image');
    const driver = value('/driver');
    if (lower[1] === '/add-driver' && lower[3] === '/recurse' && args.length === 4 && image && driver) {
      if (this.#mounted?.folder !== image) return ended(2);
      const store = `${image}\\Windows\\System32\\DriverStore\\FileRepository\\${driver.slice(driver.lastIndexOf('\\') + 1)}`;
      this.#files().makeDirectory(store);
      for (const entry of this.#files().list(driver) ?? [])
        if (!this.#files().find(`${store}\\${entry.name}`))
          this.#files().create(`${store}\\${entry.name}`, this.#read(`${driver}\\${entry.name}`));
      return ended(0);
    }
    return this.#mistake(request);
  }

  #schtasks(request: ToolRequest, lower: readonly string[]): ToolResult {
    const { arguments: args } = request;
    const name = args[2] ?? '';
    if (
      lower[0] === '/create' &&
      lower[1] === '/tn' &&
      lower[3] === '/xml' &&
      lower[5] === '/f' &&
      args.length === 6
    ) {
      this.tasks.set(name, Buffer.from(this.#read(args[4]!)).toString('utf16le'));
      return ended(0);
    }
    if (lower[0] === '/query' && lower[1] === '/tn' && args.length === 3)
      return ended(this.tasks.has(name) ? 0 : 1);
    if (lower[0] === '/delete' && lower[1] === '/tn' && lower[3] === '/f' && args.length === 4)
      return ended(this.tasks.delete(name) ? 0 : 1);
    return this.#mistake(request);
  }

  #driverList(): string {
    const blocks = (this.#options.packages ?? []).map(({ published, className }) =>
      [
        `Published Name : ${published}`,
        'Original File Name : x.inf',
        'Inbox : No',
        `Class Name : ${className}`,
        'Provider Name : Contoso',
        'Date : 1/1/2026',
        'Version : 1.2.3.4',
      ].join('\r\n'),
    );
    return [
      'Deployment Image Servicing and Management tool',
      ...blocks,
      'The operation completed successfully.',
    ].join('\r\n\r\n');
  }

  #note(): void {
    if (this.#files().find(configuration)) this.#files().remove(configuration);
    const text = `<?xml version='1.0' encoding='utf-8'?><WindowsRE version="2.0"><WinreLocation path="${this.onPartition ? '\\Recovery\\WindowsRE' : ''}" id="0" offset="1048576"/><InstallState state="${this.onPartition ? 1 : 0}"/><ScheduledOperation state="4"/></WindowsRE>`;
    this.#files().create(configuration, Buffer.from(text));
    this.#files().flush(configuration);
  }

  #unpackTo(wim: Uint8Array, folder: string): void {
    for (const [name, bytes] of unpack(wim)) {
      const path = `${folder}\\${name}`;
      this.#files().makeDirectory(path.slice(0, path.lastIndexOf('\\')));
      this.#files().create(path, bytes);
    }
  }

  #packFrom(folder: string): Uint8Array {
    return new Uint8Array(pack(new Map(this.#walk(folder, ''))));
  }

  *#walk(folder: string, below: string): Generator<[string, Uint8Array]> {
    for (const entry of this.#files().list(folder) ?? []) {
      const path = `${folder}\\${entry.name}`;
      const name = below === '' ? entry.name : `${below}\\${entry.name}`;
      if (entry.kind === 'directory') yield* this.#walk(path, name);
      else yield [name, this.#read(path)];
    }
  }

  #clear(folder: string): void {
    for (const entry of this.#files().list(folder) ?? []) {
      const path = `${folder}\\${entry.name}`;
      if (entry.kind === 'directory') {
        this.#clear(path);
        this.#files().remove(path);
      } else this.#files().remove(path);
    }
  }

  #read(path: string): Uint8Array {
    return this.#files().read(path, 0, Number.MAX_SAFE_INTEGER);
  }

  #mistake({ tool, arguments: args }: ToolRequest): ToolResult {
    this.mistakes.push([tool, ...args].join(' '));
    return ended(87);
  }
}

const ended = (exitCode: number, output = ''): ToolResult => ({
  kind: 'ended',
  exitCode,
  output,
  truncated: false,
});

/** As the host of the executable sorts what Windows says. */
const notStarted = (path: string, windowsError: number): ToolResult => ({
  kind: 'failed',
  failure: startFailureOf(path, windowsError, `Windows error ${windowsError}`),
});
