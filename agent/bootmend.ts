// The agent as bootmend.exe, in QuickJS over the C host of agent/runtime.
import { maxWaitMinutes } from '../shared/winre/recovery-settings.ts';
import { exitCodes, runCommandLine } from './command-line.ts';
import { imageRoot, readImageSettings } from './core/image-settings.ts';
import { composeScreen } from './host/compose-screen.ts';
import type { Host, HostScreen, ScreenState } from './host/host.ts';
import { LogFile } from './host/log-file.ts';
import type { NativeCalls } from './host/native-calls.ts';
import { createWinreHost } from './host/winre-host.ts';

declare const native: NativeCalls;

/** What the run itself may need on top of its total wait time before the parent process ends it. */
const slackMinutes = 60;
const minuteMs = 60_000;
/** Tells every step as one JSON object a line, for tests and for those who start the agent by program. */
const eventsFlag = '--json-events';

const say = (line: string) => native.writeOutput(`${line}\n`);
const sayEvent = (event: string, value: object) =>
  say(JSON.stringify({ event, ...value, cpuMs: native.cpuMs(), peakBytes: native.memoryPeak() }));

/**
 * The whole screen where there is a console, lines where there is none. A run of the recovery environment takes the
 * console at once, so that Ctrl+C ends it never; a command at a prompt takes it, and its cursor, only to draw.
 */
function openScreen(isRecovery: boolean): HostScreen {
  if (isRecovery) return takeScreen();
  let screen: HostScreen | undefined;
  return { show: state => (screen ??= takeScreen()).show(state) };
}

function takeScreen(): HostScreen {
  const size = native.consoleOpen();
  if (size)
    return {
      show: state => {
        const { columns, rows, text, attributes } = composeScreen(state, size.columns, size.rows);
        native.consoleDraw(columns, rows, text, attributes);
      },
    };
  let last = '';
  const show = ({ headline, detail }: ScreenState) => {
    const line = `${headline}. ${detail}`;
    if (line !== last) say(line);
    last = line;
  };
  return { show };
}

/** Tells a program its events, or a person the screen; then the record goes into files. */
function openHost(jsonEvents: boolean): Host {
  if (jsonEvents) {
    const screen: HostScreen = { show: state => sayEvent('screen', state) };
    return createWinreHost(native, { screen, log: { write: entry => sayEvent('log', entry) } });
  }
  const log = new LogFile(
    () => host.files,
    () => native.wallMs(),
  );
  const host = createWinreHost(native, { screen: openScreen(native.arguments[0] === 'recover'), log });
  // For whoever comes to the menu now; the run finds the Windows volume for those who come later.
  if (host.machine.readEnvironment() === 'recovery') log.keepAt(`${imageRoot}bootmend.log`);
  return host;
}

function limitTotalTime(host: Host): void {
  const image = readImageSettings(host);
  // Without a word in the image the machine's own setting counts, which lies on a volume that is not found yet.
  const minutes = image?.settings?.totalWaitMinutes ?? maxWaitMinutes;
  if (image) native.limitTotalTime((minutes + slackMinutes) * minuteMs);
}

async function main(): Promise<number> {
  const jsonEvents = native.arguments.includes(eventsFlag);
  const words = native.arguments.filter(word => word !== eventsFlag);
  const host = openHost(jsonEvents);
  limitTotalTime(host);
  return runCommandLine({
    host,
    argv: jsonEvents ? [...words, '--json'] : words,
    agentPath: native.programPath(),
    out: jsonEvents ? line => sayEvent('end', JSON.parse(line) as object) : say,
    error: line => native.writeError(`${line}\n`),
    peakBytes: () => native.memoryPeak(),
  });
}

let code: number = exitCodes.crashed;
try {
  code = await main();
} catch (error) {
  native.writeError(`${error instanceof Error ? error.message : String(error)}\n`);
}
native.exitProcess(code);
