import type { CommandDefinition } from './command-definition.ts';
import {
  changeFolderCommand,
  needlessCommand,
  refusedCommand,
  restartCommand,
  unlockCommand,
} from './commands/around.ts';
import { bootConfigurationCommand } from './commands/boot-configuration.ts';
import { copyCommand } from './commands/copy.ts';
import { deleteCommand } from './commands/delete.ts';
import { eventLogCommand } from './commands/event-log.ts';
import { imageServicingCommand, updateInstallerCommand } from './commands/image-servicing.ts';
import { echoCommand, messageCommand } from './commands/message.ts';
import { moveCommand } from './commands/move.ts';
import { registryCmdletCommand } from './commands/registry-cmdlets.ts';
import { registryCommand } from './commands/registry.ts';
import { renameCommand } from './commands/rename.ts';
import { bootFilesCommand, fileSystemCommand, systemFilesCommand } from './commands/repair.ts';
import { serviceControlCommand } from './commands/service-control.ts';

/** Every command that is understood when it is pasted. */
export const commandDefinitions: readonly CommandDefinition[] = [
  deleteCommand,
  renameCommand,
  copyCommand,
  moveCommand,
  serviceControlCommand,
  registryCommand,
  registryCmdletCommand,
  imageServicingCommand,
  updateInstallerCommand,
  bootConfigurationCommand,
  systemFilesCommand,
  fileSystemCommand,
  bootFilesCommand,
  restartCommand,
  changeFolderCommand,
  unlockCommand,
  eventLogCommand,
  messageCommand,
  echoCommand,
  needlessCommand,
  refusedCommand,
];

const byName = new Map(commandDefinitions.flatMap(one => one.names.map(name => [name, one] as const)));

/** The command of a name, in lower case. */
export const findCommand = (name: string): CommandDefinition | undefined => byName.get(name);
