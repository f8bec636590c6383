import { hexOf } from '../shared/bytes/hex.ts';
import { printable } from '../shared/bytes/printable.ts';
import { textOfUtf8 } from '../shared/bytes/utf8.ts';
import { findNearWord } from '../shared/remediation/near-word.ts';
import {
  type ImageSettings,
  parseProvisioningBundle,
  type ProvisioningBundle,
} from '../shared/winre/agent-settings.ts';
import { readRecoverySettings } from '../shared/winre/read-recovery-settings.ts';
import type { RecoverySettings } from '../shared/winre/recovery-settings.ts';
import { withoutPasswords } from '../shared/winre/write-recovery-settings.ts';
import { networkMemory } from './core/network/wifi-networks.ts';
import { agentBuild } from './core/agent-build.ts';
import { obeyUndoOrder } from './core/obey-undo-order.ts';
import { runConfirm } from './core/run-confirm.ts';
import { runEnrol } from './core/run-enrol.ts';
import { runRecovery } from './core/run-recovery.ts';
import { stateFolderOn, writeJsonFile } from './core/state-folder.ts';
import { setTurnMarker } from './core/turn-marker.ts';
import { relockOpened } from './core/unlock/opened-volumes.ts';
import type { Host } from './host/host.ts';
import { fieldtestEnd, fieldtestHead, linesOfResult } from './provision/fieldtest/fieldtest-words.ts';
import { runFieldtest } from './provision/fieldtest/run-fieldtest.ts';
import { readWholeFile } from './provision/file-work.ts';
import { healVolume } from './provision/heal-volume.ts';
import { lookAfterImage } from './provision/look-after-image.ts';
import { readReadiness } from './provision/readiness/read-readiness.ts';
import { mega } from './provision/recovery-environment.ts';
import { planProvision, runProvision } from './provision/run-provision.ts';
import { runUnprovision } from './provision/run-unprovision.ts';
import { keepAsked, noteStartedWith, readStartedWith } from './provision/started-with.ts';
import { readStatus } from './provision/status.ts';
import { tellReadiness } from './provision/tell-server.ts';
import { settleUpdate } from './provision/update/settle-update.ts';
import { stageUpdate } from './provision/update/stage-update.ts';
import { watchStarts } from './provision/watch-starts.ts';
import {
  giveWindowsSettings,
  noteWindowsWaits,
  readWindowsSettings,
  settingsWords,
} from './provision/windows-recovery-settings.ts';
import { type Done, done, failed, runTool } from './provision/windows-tools.ts';

/** What the agent's exit code says. Management tools act on it; words are for people. */
export const exitCodes = {
  done: 0,
  crashed: 1,
  usage: 2,
  /** recover: the repair is done, the machine restarts. */
  reboot: 10,
  /** recover: the normal recovery menu has the machine now. */
  handedOver: 20,
  /** confirm: the server could not be told; the next start tries again. */
  notTold: 30,
  /** It did not work, or what was asked is not true. */
  failed: 40,
} as const;

export const agentUsage = `usage: bootmend COMMAND [--json]

  recover                      what runs in the recovery environment: find out why Windows did not start, and repair it
  relock                       lock again what a run or heal opened that was cut off
  enrol --bundle FILE          make this machine known to its server; --proxy HOST:PORT names a proxy to try before the
                               direct way
  provision --bundle FILE      enrol, and put the agent into the recovery environment; --dry-run says what it would do,
                               --proxy HOST:PORT as for enrol
  unprovision                  the original recovery environment, byte for byte
  confirm                      what runs at every start of a healthy Windows
  status                       how this machine stands; exit code 0 only when it could be healed
  readiness [--send]           everything that decides about it, with advice; --send tells the server
  test [--restart]             prove the whole path: the next start goes to the recovery environment and back
  wifi FILE.xml                wireless networks for the recovery environment, from a reagentc settings file
  recovery-settings [FILE.xml] the settings of Windows' own quick machine recovery; with a reagentc settings file: check
                               it, give it to Windows and read it back; --dry-run only checks
  heal --volume E:             heal the Windows of an attached disk; --recovery-password-file FILE opens a locked one
  fieldtest                    run in the recovery environment: what this image and this machine can do, for the project

  exit codes: 0 done, 2 wrong usage, 10 restart, 20 recovery menu, 30 server not told yet, 40 failed or not true`;

/** Every command, as `AgentCommand.run` takes it. */
export const agentCommands: readonly string[] = [
  'recover',
  'relock',
  'enrol',
  'provision',
  'unprovision',
  'confirm',
  'status',
  'readiness',
  'test',
  'wifi',
  'recovery-settings',
  'heal',
  'fieldtest',
];

export interface CommandLine {
  readonly host: Host;
  /** Without the program's name. */
  readonly argv: readonly string[];
  /** The running executable, as a host path; it is what goes into the image. */
  readonly agentPath: string;
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
  /** Most heap that the agent took until now; absent where nobody counts. */
  readonly peakBytes?: () => number;
}

type Flags = Readonly<Record<string, string | true>>;
const valueFlags = ['bundle', 'proxy', 'volume', 'recovery-password-file'];
const plainFlags = ['json', 'dry-run', 'send', 'restart', 'after-update'];
const options = [...valueFlags, ...plainFlags].map(name => `--${name}`);
/** As people ask on Windows and elsewhere. */
const helpWords: readonly string[] = ['help', '--help', '-h', '-?', '/?', '/help'];
const mostFileBytes = 1024 * 1024;
const mostAgentBytes = 16 * 1024 * 1024;

/** Runs one command of the agent over any host: the same code under Node, in a healthy Windows and in WinRE. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  if (helpWords.includes(line.argv[0] ?? '') || line.argv.includes('--help')) {
    line.out(agentUsage);
    return exitCodes.done;
  }
  const parsed = parseArguments(line.argv);
  if ('mistake' in parsed) {
    if (parsed.mistake !== '') line.error(`wrong-usage: ${parsed.mistake}`);
    line.error(agentUsage);
    return exitCodes.usage;
  }
  return new AgentCommand(line, parsed.flags).run(parsed.command, parsed.rest);
}

interface Parsed {
  readonly command: string;
  readonly rest: readonly string[];
  readonly flags: Flags;
}

function parseArguments(argv: readonly string[]): Parsed | { readonly mistake: string } {
  const [command, ...more] = argv;
  if (command === undefined) return { mistake: '' };
  if (!agentCommands.includes(command))
    return { mistake: `There is no command ${printable(command)}.${didYouMean(command, agentCommands)}` };
  const flags: Record<string, string | true> = {};
  const rest: string[] = [];
  for (let at = 0; at < more.length; at++) {
    const word = more[at]!;
    const name = word.startsWith('--') ? word.slice(2) : undefined;
    if (name === undefined) rest.push(word);
    else if (plainFlags.includes(name)) flags[name] = true;
    else if (!valueFlags.includes(name))
      return { mistake: `There is no option ${printable(word)}.${didYouMean(word, options)}` };
    else if (more[at + 1] === undefined) return { mistake: `${word} needs a value.` };
    else flags[name] = more[++at]!;
  }
  return { command, rest, flags };
}

function didYouMean(given: string, words: readonly string[]): string {
  const near = findNearWord(given, words);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

class AgentCommand {
  readonly #line: CommandLine;
  readonly #host: Host;
  readonly #flags: Flags;

  constructor(line: CommandLine, flags: Flags) {
    this.#line = line;
    this.#host = line.host;
    this.#flags = flags;
  }

  async run(command: string, rest: readonly string[]): Promise<number> {
    if (rest.length > (['wifi', 'recovery-settings'].includes(command) ? 1 : 0)) return this.#usage();
    switch (command) {
      case 'recover':
        return this.#recover();
      case 'relock':
        return this.#relock();
      case 'enrol':
        return this.#withBundle(bundle => this.#enrol(bundle));
      case 'provision':
        return this.#withBundle(bundle => this.#provision(bundle));
      case 'unprovision':
        return this.#end(await runUnprovision(this.#host, this.#root(), this.#say), ({ image }) => [
          image === 'taken-out'
            ? 'The agent is out of the recovery environment; Windows had serviced the image since.'
            : 'The recovery environment is the original one.',
        ]);
      case 'confirm':
        return this.#confirm();
      case 'status':
        return this.#status();
      case 'readiness':
        return this.#readiness();
      case 'test':
        return this.#test();
      case 'wifi':
        return rest[0] === undefined ? this.#usage() : this.#wifi(rest[0]);
      case 'recovery-settings':
        return this.#recoverySettings(rest[0]);
      case 'heal':
        return this.#heal();
      case 'fieldtest':
        return this.#fieldtest();
      default:
        return this.#usage();
    }
  }

  /** Told line by line as it goes, since a machine without a network takes its time. */
  async #fieldtest(): Promise<number> {
    const sayAll = (lines: readonly string[]) => lines.forEach(this.#say);
    sayAll(fieldtestHead);
    const tried = await runFieldtest(
      this.#host,
      result => sayAll(linesOfResult(result)),
      this.#line.peakBytes,
    );
    const failed = tried.results.some(one => one.result === 'fails');
    return this.#print(tried, fieldtestEnd(tried), failed ? exitCodes.failed : exitCodes.done);
  }

  readonly #say = (sentence: string) => {
    if (this.#flags['json'] === undefined) this.#line.out(sentence);
  };

  #usage(): number {
    this.#line.error(agentUsage);
    return exitCodes.usage;
  }

  /** The Windows that runs. */
  #root(): string {
    return this.#host.machine.readBootEntryVolume() ?? 'C:\\';
  }

  #print(document: object, lines: readonly string[], code: number): number {
    if (this.#flags['json'] !== undefined) this.#line.out(JSON.stringify(document, undefined, 2));
    else for (const line of lines) this.#line.out(line);
    return code;
  }

  #end<Value extends object>(done: Done<Value>, words: (value: Value) => readonly string[]): number {
    if (done.ok) return this.#print(done.value, words(done.value), exitCodes.done);
    const { code, message } = done.problem;
    if (this.#flags['json'] !== undefined)
      this.#line.out(JSON.stringify({ problem: done.problem }, undefined, 2));
    this.#line.error(`${code}: ${message}`);
    return exitCodes.failed;
  }

  async #recover(): Promise<number> {
    const end = await runRecovery(this.#host);
    const words = end.kind === 'reboot' ? 'The machine restarts.' : end.message;
    return this.#print(end, [words], end.kind === 'reboot' ? exitCodes.reboot : exitCodes.handedOver);
  }

  /** Nothing to do is the usual case; it says nothing then, since the menu comes next. */
  async #relock(): Promise<number> {
    const open = await relockOpened(this.#host);
    const words = open.map(root => `${root} could not be locked again.`);
    return this.#print({ open }, words, open.length === 0 ? exitCodes.done : exitCodes.failed);
  }

  async #withBundle(work: (bundle: ProvisioningBundle) => Promise<number>): Promise<number> {
    const file = this.#flags['bundle'];
    if (typeof file !== 'string') return this.#usage();
    const bundle = this.#readBundle(file);
    return bundle.ok ? work(bundle.value) : this.#end(bundle, () => []);
  }

  #readBundle(file: string): Done<ProvisioningBundle> {
    const bytes = readWholeFile(this.#host, file, mostFileBytes);
    if (!bytes) return failed('not-found', `${file} is not there.`);
    try {
      const proxy = this.#flags['proxy'];
      const bundle = JSON.parse(textOfUtf8(bytes).text) as object;
      const parsed = parseProvisioningBundle({ ...bundle, ...(proxy !== undefined && { proxy }) });
      return parsed.ok ? parsed : failed('bundle-invalid', parsed.problem.message);
    } catch {
      return failed('bundle-invalid', `${file} is no bundle of bootmend token new.`);
    }
  }

  async #enrol(bundle: ProvisioningBundle): Promise<number> {
    const ended = await runEnrol(this.#host, bundle);
    if (ended.kind === 'failed') return this.#end(failed(ended.code, ended.message), () => []);
    const words = ended.state === 'pending' ? 'Enrolled; a person must accept this machine.' : 'Enrolled.';
    return this.#print(ended, [words], exitCodes.done);
  }

  async #provision(bundle: ProvisioningBundle): Promise<number> {
    const agent = readWholeFile(this.#host, this.#line.agentPath, mostAgentBytes);
    if (!agent) return this.#end(failed('agent-missing', `${this.#line.agentPath} is not there.`), () => []);
    const dryRun = this.#flags['dry-run'] !== undefined;
    const first = async (): Promise<Done> => {
      const enrolled = await runEnrol(this.#host, bundle);
      return enrolled.kind === 'failed' ? failed(enrolled.code, enrolled.message) : done;
    };
    // What may run is a matter of this Windows; the image of one that is enrolled says nothing about it.
    const { token: _token, programs: _programs, ...rest } = bundle;
    const settings: ImageSettings = { ...rest, version: 1, purpose: 'recovery' };
    const request = { root: this.#root(), agent, settings, say: this.#say, first };
    if (!dryRun) await noteWindowsWaits(this.#host, request.root);
    const ended = dryRun ? await planProvision(this.#host, request) : await runProvision(this.#host, request);
    return this.#end(ended, ({ changed, drivers, driversLeftOut, files, autofstx, space }) => [
      ...files.map(({ place, sizeBytes }) => `  ${place}  ${sizeBytes} bytes`),
      ...drivers.map(
        ({ name, className, sizeBytes }) => `  driver ${name} (${className})  ${sizeBytes} bytes`,
      ),
      ...driversLeftOut.map(name => `  driver ${name} left out: too large, or not taken`),
      ...(space
        ? [
            `  the image grows by up to ${mega(space.growthBytes)}; its partition has ${mega(space.freeBytes)} free`,
          ]
        : []),
      ...(autofstx === 'removed' ? ['  autofstx no longer runs in the recovery environment'] : []),
      dryRun
        ? 'Nothing was changed.'
        : changed
          ? 'The recovery environment starts the agent first. Prove it with: bootmend test --restart'
          : 'The recovery environment has this agent already.',
    ]);
  }

  async #confirm(): Promise<number> {
    const root = this.#root();
    const afterUpdate = this.#flags['after-update'] !== undefined;
    const running = { version: agentBuild.version, path: this.#line.agentPath, afterUpdate };
    const settled = await settleUpdate(this.#host, root, running);
    // The newer agent has confirmed this start already.
    if (afterUpdate && settled === 'none')
      return this.#print({ update: settled }, ['update: none'], exitCodes.done);
    const open = await relockOpened(this.#host);
    const confirmed = await runConfirm(this.#host);
    const starts = await watchStarts(this.#host, root);
    const image = await lookAfterImage(this.#host, root, starts);
    await noteWindowsWaits(this.#host, root);
    const facts = await noteStartedWith(this.#host, root, starts);
    const readiness = { ...(await readReadiness(this.#host, root)), facts };
    const nonce = hexOf(this.#host.random(16));
    const told = await tellReadiness(this.#host, root, readiness, nonce);
    if (told.ok) keepAsked(this.#host, root, told.value.probes ?? []);
    const order = told.ok ? told.value.undo : undefined;
    const undo = order && (await obeyUndoOrder(this.#host, order, nonce));
    const offer = told.ok ? told.value.update : undefined;
    const staged = offer && (await stageUpdate(this.#host, root, offer, agentBuild.version));
    const update = staged ? (staged.ok ? `staged-${staged.value.to}` : staged.problem.code) : settled;
    const document = {
      confirmed,
      starts,
      facts: Object.keys(facts).length,
      image,
      score: readiness.score,
      told: told.ok,
      update,
      undo,
      open,
    };
    const words = [
      `start: ${confirmed.kind}`,
      `unexpected starts: ${starts}`,
      `facts of this start: ${Object.keys(facts).length}`,
      `recovery image: ${image.kind}`,
      `readiness: ${readiness.score} of 100, ${told.ok ? 'told' : 'not told'}`,
      `update: ${update}`,
      ...open.map(root => `${root} could not be locked again`),
      ...(undo ? [`undo: ${undo.code ?? undo.state}`] : []),
    ];
    if (confirmed.kind === 'failed' || image.kind === 'lost')
      return this.#print(document, words, exitCodes.failed);
    const isTold = confirmed.kind !== 'not-told' && told.ok;
    return this.#print(document, words, isTold ? exitCodes.done : exitCodes.notTold);
  }

  #status(): number {
    const status = readStatus(this.#host, this.#root());
    const words = [
      `agent ${status.agentVersion}, enrolled: ${status.enrolled}`,
      ...(status.servers.length === 0
        ? []
        : [
            `servers: ${status.servers.join(', ')}, ${status.proxy === undefined ? 'directly' : `through the proxy ${status.proxy}, then directly`}`,
          ]),
      `recovery environment: ${status.winreIsOn ? 'on' : 'off'}, image: ${status.image}`,
      `waits: every ${status.waits.waitIntervalMinutes} minutes, ${status.waits.totalWaitMinutes} in all (${status.waits.from})`,
      `programs that scripts may run: ${status.programs.map(({ path, sha256 }) => `${path} (${sha256})`).join(', ') || 'none'}`,
      `last test: ${status.lastTest ? `${status.lastTest.ok ? 'worked' : 'failed'} ${status.lastTest.at}` : 'never'}`,
      status.ready ? 'This machine could be healed.' : 'This machine could not be healed.',
    ];
    return this.#print(status, words, status.ready ? exitCodes.done : exitCodes.failed);
  }

  async #readiness(): Promise<number> {
    const root = this.#root();
    const facts = readStartedWith(this.#host, root);
    const readiness = { ...(await readReadiness(this.#host, root)), facts };
    const told =
      this.#flags['send'] === undefined ? undefined : await tellReadiness(this.#host, root, readiness);
    const words = readiness.findings.map(({ state, weight, found, advice, command }) => {
      const mark = state === 'good' ? 'good   ' : state === 'bad' ? 'BAD    ' : 'unknown';
      const below = [advice, command].flatMap(line => (line === undefined ? [] : [`\n             ${line}`]));
      return `${mark} ${String(weight).padStart(3)}  ${found}${below.join('')}`;
    });
    if (told && !told.ok) this.#line.error(`${told.problem.code}: ${told.problem.message}`);
    const isGood = readiness.findings.every(one => one.state === 'good' || one.weight < 10);
    const code = told && !told.ok ? exitCodes.notTold : isGood ? exitCodes.done : exitCodes.failed;
    const share = `${Object.keys(facts).length} facts of the last start go to the server for comparison; --json shows them.`;
    return this.#print(readiness, [...words, `${readiness.score} of 100`, share], code);
  }

  /** Arms test mode: our marker first, so that the start is ours, then one start of the recovery environment. */
  async #test(): Promise<number> {
    const root = this.#root();
    if (!readStatus(this.#host, root).ready)
      return this.#end(
        failed('not-ready', 'Enrol and provision this machine first; bootmend readiness says what lacks.'),
        () => [],
      );
    setTurnMarker(this.#host, root, { kind: 'test-mode', reason: 'asked-by-a-person' });
    const armed = await runTool(this.#host, 'reagentc', '/boottore');
    if (!armed.ok) return this.#end(armed, () => []);
    if (this.#flags['restart'] !== undefined) this.#host.machine.reboot();
    return this.#print(
      { armed: true },
      ['The next restart tests the whole path and comes back.'],
      exitCodes.done,
    );
  }

  /** A settings file of reagentc; every mistake is named with its place. */
  #readSettingsFile(file: string): RecoverySettings | undefined {
    const bytes = readWholeFile(this.#host, file, mostFileBytes);
    if (!bytes) {
      this.#end(failed('not-found', `${file} is not there.`), () => []);
      return undefined;
    }
    const read = readRecoverySettings(textOfUtf8(bytes).text);
    if (read.ok) return read.settings;
    if (this.#flags['json'] !== undefined)
      this.#line.out(JSON.stringify({ problems: read.problems }, undefined, 2));
    for (const { code, message, line, column } of read.problems)
      this.#line.error(`${file}:${line}:${column}: ${code}: ${message}`);
    return undefined;
  }

  async #recoverySettings(file: string | undefined): Promise<number> {
    const wanted = file === undefined ? undefined : this.#readSettingsFile(file);
    if (file !== undefined && !wanted) return exitCodes.failed;
    const isDry = this.#flags['dry-run'] !== undefined;
    if (wanted && isDry)
      return this.#print(
        withoutPasswords(wanted),
        [...settingsWords(wanted), 'Nothing was changed.'],
        exitCodes.done,
      );
    const settings = wanted
      ? await giveWindowsSettings(this.#host, this.#root(), wanted)
      : await readWindowsSettings(this.#host);
    if (!settings.ok) return this.#end(settings, () => []);
    return this.#print(withoutPasswords(settings.value), settingsWords(settings.value), exitCodes.done);
  }

  #wifi(file: string): number {
    const settings = this.#readSettingsFile(file);
    if (!settings) return exitCodes.failed;
    const { wifi } = settings;
    const memory = networkMemory.safeParse({ version: 1, wifi });
    if (!memory.success) return this.#end(failed('wifi-invalid', 'A network cannot be used.'), () => []);
    const folder = stateFolderOn(this.#root());
    this.#host.files.makeDirectory(folder.path);
    writeJsonFile(this.#host, folder.network, memory.data);
    const names = wifi.map(({ ssid }) => ssid);
    return this.#print(
      { wifi: names },
      [`Networks, in this order: ${names.join(', ') || 'none'}.`],
      exitCodes.done,
    );
  }

  async #heal(): Promise<number> {
    const volume = this.#flags['volume'];
    if (typeof volume !== 'string' || !/^[A-Za-z]:\\?$/.test(volume)) return this.#usage();
    const file = this.#flags['recovery-password-file'];
    const bytes = typeof file === 'string' ? readWholeFile(this.#host, file, 4096) : undefined;
    const password = bytes && textOfUtf8(bytes).text.trim();
    const healed = await healVolume(this.#host, `${volume.slice(0, 1).toUpperCase()}:\\`, password);
    if (!healed.ok) return this.#end(healed, () => []);
    const end = healed.value;
    return end.kind === 'reboot'
      ? this.#print(end, ['Repaired. Start this Windows to see whether it is healed.'], exitCodes.done)
      : this.#end(failed(end.code, end.message), () => []);
  }
}
