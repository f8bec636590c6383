import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { fileError } from './file-failure.ts';
import type {
  Host,
  HostFiles,
  HostTools,
  HostVolume,
  HttpRequest,
  HttpResult,
  ImagePlace,
  LogEntry,
  MachineIdentity,
  PowerState,
  ScreenState,
  StartReason,
} from './host.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { noTools } from './no-tools.ts';
import { type ParsedPath, parsePath } from './windows-path.ts';
import { scriptCurves } from './script-curves.ts';

/** A call the agent made, with its arguments in short. */
export interface HostCall {
  readonly number: number;
  /** As `files.rename`. */
  readonly name: string;
  readonly subject: string;
}

/** A server as the memory host's network reaches it. */
export interface MemoryServer {
  /** The pin of the key it presents. */
  readonly pin: string;
  readonly respond: (request: HttpRequest) => HttpResult | Promise<HttpResult>;
}

export interface MemoryHostOptions {
  /** Disks by upper-case drive letter. */
  readonly disks: Readonly<Record<string, MemoryDisk>>;
  readonly bitLocker?: Readonly<Record<string, HostVolume['bitLocker']>>;
  readonly environment?: 'recovery' | 'windows';
  /** Absent: the files of the volumes tell, as on real Windows. */
  readonly startReason?: StartReason;
  readonly power?: PowerState;
  /** Where the image of the recovery environment lies; without it nobody can tell. */
  readonly imagePlace?: () => ImagePlace | undefined;
  /** What a drive may still take, by letter. */
  readonly freeBytes?: Readonly<Record<string, number>>;
  readonly bootEntryVolume?: string;
  readonly identity?: MachineIdentity;
  /** Servers by address; anything else refuses the connection. */
  readonly servers?: Readonly<Record<string, MemoryServer>>;
  /** Proxies by address: the servers that each reaches, or that it refuses everybody; any other is not there. */
  readonly proxies?: Readonly<Record<string, Readonly<Record<string, MemoryServer>> | 'refuses'>>;
  readonly networkUp?: () => boolean;
  /** What its programs do; without it there are none. */
  readonly tools?: HostTools;
  /** When a person presses a key, on the monotonic clock. */
  readonly keyPressedAtMs?: number;
  readonly wallMs?: number;
  readonly seed?: number;
  /** Runs before each call and may throw in its place. */
  readonly beforeCall?: (call: HostCall) => void;
}

/** A host in memory with its own clock, deterministic randomness and a record of every call. */
export interface MemoryHost extends Host {
  readonly calls: readonly HostCall[];
  readonly screens: readonly ScreenState[];
  readonly entries: readonly LogEntry[];
  /** How the run ended, once it has. */
  readonly ended: () => 'reboot' | 'handed-over' | undefined;
}

const requestMs = 40;

/** Makes a memory host over disks that the caller owns. */
export function createMemoryHost(options: MemoryHostOptions): MemoryHost {
  const calls: HostCall[] = [];
  const screens: ScreenState[] = [];
  const entries: LogEntry[] = [];
  const wallStartMs = options.wallMs ?? 0;
  const random = createRandom(options.seed ?? 1);
  let nowMs = 1000;
  let ended: 'reboot' | 'handed-over' | undefined;

  function called<Result>(name: string, subject: string, run: () => Result): Result {
    const call = { number: calls.length + 1, name, subject };
    calls.push(call);
    options.beforeCall?.(call);
    return run();
  }

  return {
    calls,
    screens,
    entries,
    ended: () => ended,
    files: createFiles(options, called, () => wallStartMs + nowMs),
    clock: {
      monotonicMs: () => called('clock.monotonicMs', '', () => nowMs),
      wallMs: () => called('clock.wallMs', '', () => wallStartMs + nowMs),
      wait: async ms =>
        called('clock.wait', `${ms} ms`, () => {
          const pressed = options.keyPressedAtMs;
          if (pressed !== undefined && pressed <= nowMs + ms) {
            nowMs = Math.max(nowMs, pressed);
            return 'key';
          }
          nowMs += ms;
          return 'elapsed';
        }),
    },
    random: lengthBytes => called('random', `${lengthBytes} bytes`, () => random(lengthBytes)),
    sha256: bytes => called('sha256', `${bytes.length} bytes`, () => sha256(bytes)),
    curves: scriptCurves,
    deflate: bytes => called('deflate', `${bytes.length} bytes`, () => new Uint8Array(deflateRawSync(bytes))),
    network: {
      hasAddress: () => called('network.hasAddress', '', () => options.networkUp?.() ?? true),
      request: async request =>
        called('network.request', `${request.server}${request.path}`, async () => {
          nowMs += requestMs;
          const result = await answer(options, request);
          called('network.answered', `${request.server}${request.path}`, () => undefined);
          return result;
        }),
    },
    tools: {
      run: async request =>
        called('tools.run', [request.tool, ...request.arguments].join(' '), async () => {
          const result = await (options.tools ?? noTools).run(request);
          called('tools.ended', request.tool, () => undefined);
          return result;
        }),
      runProgram: async request =>
        called('tools.runProgram', [request.path, ...request.arguments].join(' '), async () => {
          const result = await (options.tools ?? noTools).runProgram(request);
          called('tools.ended', request.path, () => undefined);
          return result;
        }),
    },
    screen: { show: state => called('screen.show', state.headline, () => void screens.push(state)) },
    log: { write: entry => called('log.write', entry.code, () => void entries.push(entry)) },
    machine: {
      readEnvironment: () => called('machine.readEnvironment', '', () => options.environment ?? 'recovery'),
      readIdentity: () => called('machine.readIdentity', '', () => options.identity ?? { name: 'MEMORY-1' }),
      readStartReason: () => called('machine.readStartReason', '', () => options.startReason),
      readPower: () => called('machine.readPower', '', () => options.power ?? { source: 'mains' }),
      listVolumes: () =>
        called('machine.listVolumes', '', () =>
          volumesOf(options).map(drive => ({
            root: `${drive}:\\`,
            bitLocker: options.bitLocker?.[drive] ?? 'none',
          })),
        ),
      readBootEntryVolume: () => called('machine.readBootEntryVolume', '', () => options.bootEntryVolume),
      readImagePlace: (_, path) => called('machine.readImagePlace', path, () => options.imagePlace?.()),
      reboot: () => called('machine.reboot', '', () => void (ended = 'reboot')),
      handOver: () => called('machine.handOver', '', () => void (ended = 'handed-over')),
    },
  };
}

/** The drives of the machine; X: is the recovery environment itself. */
const volumesOf = ({ disks }: MemoryHostOptions) => Object.keys(disks).filter(drive => drive !== 'X');

type Called = <Result>(name: string, subject: string, run: () => Result) => Result;

function createFiles(options: MemoryHostOptions, called: Called, nowMs: () => number): HostFiles {
  const on = <Result>(
    name: string,
    path: string,
    run: (disk: MemoryDisk, parsed: ParsedPath) => Result,
  ): Result =>
    called(`files.${name}`, path, () => {
      const parsed = parsePath(path);
      const disk = options.disks[parsed.drive];
      if (!disk || options.bitLocker?.[parsed.drive] === 'locked')
        throw fileError('volume-missing', `${parsed.drive}: cannot be read`);
      return run(disk, parsed);
    });
  return {
    find: path => on('find', path, (disk, parsed) => disk.find(parsed)),
    list: path => on('list', path, (disk, parsed) => disk.list(parsed)),
    read: (path, offset, lengthBytes) =>
      on('read', path, (disk, parsed) => disk.read(parsed, offset, lengthBytes)),
    hash: path =>
      on('hash', path, (disk, parsed) =>
        Buffer.from(sha256(disk.read(parsed, 0, Number.MAX_SAFE_INTEGER))).toString('hex'),
      ),
    create: (path, bytes) => on('create', path, (disk, parsed) => disk.create(parsed, bytes, nowMs())),
    append: (path, bytes) => on('append', path, (disk, parsed) => disk.append(parsed, bytes, nowMs())),
    makeDirectory: path => on('makeDirectory', path, (disk, parsed) => disk.makeDirectory(parsed)),
    rename: (from, to, { replace } = { replace: false }) =>
      on('rename', from, (disk, parsed) => {
        const target = parsePath(to);
        if (target.drive !== parsed.drive)
          throw fileError('other-volume', `${to} is on another volume than ${from}`);
        disk.rename(parsed, target, replace);
      }),
    link: (from, to) =>
      on('link', from, (disk, parsed) => {
        const target = parsePath(to);
        if (target.drive !== parsed.drive)
          throw fileError('other-volume', `${to} is on another volume than ${from}`);
        disk.link(parsed, target);
      }),
    remove: path => on('remove', path, (disk, parsed) => disk.remove(parsed)),
    freeBytes: path => on('freeBytes', path, (_, { drive }) => options.freeBytes?.[drive]),
    flush: path => on('flush', path, disk => disk.flush()),
  };
}

async function answer(options: MemoryHostOptions, request: HttpRequest): Promise<HttpResult> {
  const transient = (code: string, message: string) =>
    ({ ok: false, failure: { kind: 'transient', code, message } }) as const;
  const { proxy } = request;
  const way = proxy === undefined ? (options.servers ?? {}) : options.proxies?.[proxy];
  if (way === undefined) return transient('proxy-unreachable', `proxy ${proxy}: it is not there`);
  if (way === 'refuses') return transient('proxy-refused', `proxy ${proxy}: it answers with status 407`);
  const server = way[request.server];
  if (!server) return transient('connection-refused', `${request.server} refused the connection`);
  if (!request.pins.includes(server.pin))
    return {
      ok: false,
      failure: {
        kind: 'permanent',
        code: 'pin-mismatch',
        message: `${request.server} presents an unknown key`,
      },
    };
  return server.respond(request);
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

/** A small deterministic generator (xorshift32): good for tests, never for keys. */
function createRandom(seed: number): (lengthBytes: number) => Uint8Array {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 255;
  };
  return lengthBytes => Uint8Array.from({ length: lengthBytes }, next);
}
