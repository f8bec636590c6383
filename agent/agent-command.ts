import { parseProvisioningBundle } from '../shared/winre/agent-settings.ts';
import { runConfirm } from './core/run-confirm.ts';
import { runEnrol } from './core/run-enrol.ts';
import { runRecovery } from './core/run-recovery.ts';
import type { Host } from './host/host.ts';

/** What the agent's exit code says. */
export const exitCodes = {
  done: 0,
  crashed: 1,
  usage: 2,
  /** recover: the repair is done, the machine restarts. */
  reboot: 10,
  /** recover: the normal recovery menu has the machine now. */
  handedOver: 20,
  /** confirm, enrol: the server could not be told; try again later. */
  notTold: 30,
  /** confirm, enrol: it will not work like this. */
  failed: 40,
} as const;

/** What stands behind a command's words, wherever the agent runs. */
export const commandUsage = `
  recover   what runs in the recovery environment: find out why Windows did not start, and repair it
  confirm   what runs in every healthy start of Windows: tell the server that it came up
  enrol     make this machine known to its server, with the provisioning bundle of --bundle

  exit codes: 0 done, 10 restart, 20 recovery menu, 30 server not told yet, 40 failed, 2 wrong usage`;

export interface AgentCommand {
  readonly command: string | undefined;
  /** The provisioning bundle's text; undefined when none was named. */
  readonly readBundle: () => string | undefined;
  /** Hears how the command ended. */
  readonly onEnd: (end: object) => void;
}

/** Runs one command of the agent on a host; gives the exit code. */
export async function runAgentCommand(
  host: Host,
  { command, readBundle, onEnd }: AgentCommand,
): Promise<number> {
  const end = (kind: object, code: number) => {
    onEnd(kind);
    return code;
  };
  switch (command) {
    case 'recover': {
      const ended = await runRecovery(host);
      return end(ended, ended.kind === 'reboot' ? exitCodes.reboot : exitCodes.handedOver);
    }
    case 'confirm': {
      const ended = await runConfirm(host);
      if (ended.kind === 'not-told') return end(ended, exitCodes.notTold);
      return end(ended, ended.kind === 'failed' ? exitCodes.failed : exitCodes.done);
    }
    case 'enrol': {
      const text = readBundle();
      if (text === undefined) return exitCodes.usage;
      const bundle = parseProvisioningBundle(JSON.parse(text));
      if (!bundle.ok) return end({ kind: 'failed', ...bundle.problem }, exitCodes.failed);
      const ended = await runEnrol(host, bundle.value);
      return end(ended, ended.kind === 'enrolled' ? exitCodes.done : exitCodes.failed);
    }
    case undefined:
    default:
      return exitCodes.usage;
  }
}
