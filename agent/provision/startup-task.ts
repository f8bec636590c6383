import { utf16Of } from '../../shared/bytes/utf16.ts';
import { stateFolderOn } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { type Done, runTool } from './windows-tools.ts';

const taskName = '\\Bootmend\\Confirm';

/** Where the agent lives in a healthy Windows: only administrators may write there. */
export const installedAgentOn = (root: string): string =>
  joinPath(root, 'Program Files', 'Bootmend', 'bootmend.exe');

/** A newer agent that has to prove itself before it takes the place of the installed one. */
export const nextAgentOn = (root: string): string =>
  joinPath(root, 'Program Files', 'Bootmend', 'bootmend-next.exe');

/** What the task runs, one after another. */
interface TaskAction {
  readonly agent: string;
  readonly words: string;
}

/** Runs `confirm` as SYSTEM at every start and once a day, also on battery, and never twice at a time. */
export const taskXml = (actions: readonly TaskAction[]): string => `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Tells the recovery service that Windows started.</Description></RegistrationInfo>
  <Triggers>
    <BootTrigger><Enabled>true</Enabled></BootTrigger>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T11:00:00</StartBoundary>
      <RandomDelay>PT4H</RandomDelay>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT1H</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author">
${actions.map(({ agent, words }) => `    <Exec><Command>${agent}</Command><Arguments>${words}</Arguments></Exec>`).join('\n')}
  </Actions>
</Task>
`;

/**
 * Registers the start-up task, or replaces it. With `next` the newer agent runs first and takes over; the installed one
 * comes after it and takes everything back when the newer one did not.
 */
export async function registerStartupTask(
  host: Host,
  root: string,
  starts: 'installed' | 'next' = 'installed',
): Promise<Done> {
  const installed = installedAgentOn(root);
  const actions =
    starts === 'installed'
      ? [{ agent: installed, words: 'confirm' }]
      : [
          { agent: nextAgentOn(root), words: 'confirm' },
          { agent: installed, words: 'confirm --after-update' },
        ];
  const file = joinPath(stateFolderOn(root).path, 'confirm-task.xml');
  if (host.files.find(file)) host.files.remove(file);
  const text = taskXml(actions).replaceAll('\n', '\r\n');
  host.files.create(file, Uint8Array.of(0xff, 0xfe, ...utf16Of(text)));
  const created = await runTool(host, 'schtasks', '/Create', '/TN', taskName, '/XML', file, '/F');
  host.files.remove(file);
  return created.ok ? { ok: true, value: undefined } : created;
}

export const removeStartupTask = (host: Host): Promise<Done<string>> =>
  runTool(host, 'schtasks', '/Delete', '/TN', taskName, '/F');

export const hasStartupTask = async (host: Host): Promise<boolean> =>
  (await runTool(host, 'schtasks', '/Query', '/TN', taskName)).ok;
