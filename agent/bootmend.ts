// The agent as bootmend.exe, in QuickJS over the C host of agent/runtime.
import { textOfUtf8 } from '../shared/bytes/utf8.ts';
import { commandUsage, exitCodes, runAgentCommand } from './agent-command.ts';
import { agentBuild } from './core/agent-build.ts';
import { readImageSettings } from './core/image-settings.ts';
import { composeScreen } from './host/compose-screen.ts';
import type { Host, HostLog, HostScreen, ScreenState } from './host/host.ts';
import type { NativeCalls } from './host/native-calls.ts';
import { createWinreHost } from './host/winre-host.ts';

declare const native: NativeCalls;

const maxBundleBytes = 1 << 20;
/** What the run itself may need on top of its total wait time before the parent process ends it. */
const slackMinutes = 60;
const minuteMs = 60_000;

const usage = `Bootmend agent ${agentBuild.version}
usage: bootmend recover|confirm|enrol [--bundle FILE] [--json-events]
${commandUsage}`;

const say = (line: string) => native.writeOutput(`${line}\n`);
const sayEvent = (event: string, value: object) =>
  say(JSON.stringify({ event, ...value, cpuMs: native.cpuMs(), peakBytes: native.memoryPeak() }));

interface Arguments {
  readonly command: string | undefined;
  readonly bundle: string | undefined;
  readonly jsonEvents: boolean;
}

/** Undefined when the words mean nothing. */
function parseWords(words: readonly string[]): Arguments | undefined {
  let [command, bundle, jsonEvents]: [string | undefined, string | undefined, boolean] = [
    undefined,
    undefined,
    false,
  ];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--json-events') jsonEvents = true;
    else if (word === '--bundle' && at + 1 < words.length) bundle = words[++at];
    else if (word.startsWith('-') || command !== undefined) return undefined;
    else command = word;
  }
  return { command, bundle, jsonEvents };
}

/** The whole screen where there is a console, lines where there is none. */
function openScreen(): HostScreen {
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

function openOutputs(jsonEvents: boolean): { readonly screen: HostScreen; readonly log: HostLog } {
  if (!jsonEvents) return { screen: openScreen(), log: { write: () => undefined } };
  return {
    screen: { show: state => sayEvent('screen', state) },
    log: { write: entry => sayEvent('log', entry) },
  };
}

function limitTotalTime(host: Host): void {
  const minutes = readImageSettings(host)?.settings.totalWaitMinutes;
  if (minutes !== undefined) native.limitTotalTime((minutes + slackMinutes) * minuteMs);
}

async function main(): Promise<number> {
  const words = parseWords(native.arguments);
  if (words === undefined) return exitCodes.usage;
  const { command, bundle, jsonEvents } = words;
  const host = createWinreHost(native, openOutputs(jsonEvents));
  limitTotalTime(host);
  return runAgentCommand(host, {
    command,
    readBundle: () =>
      bundle === undefined ? undefined : textOfUtf8(native.fileRead(bundle, 0, maxBundleBytes)).text,
    onEnd: end => {
      if (jsonEvents) sayEvent('end', end);
      else if ('message' in end) say(String(end.message));
    },
  });
}

let code: number = exitCodes.crashed;
try {
  code = await main();
  if (code === exitCodes.usage) native.writeError(`${usage}\n`);
} catch (error) {
  native.writeError(`${error instanceof Error ? error.message : String(error)}\n`);
}
native.exitProcess(code);
